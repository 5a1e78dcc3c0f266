from tests.theory.material import material

__all__ = ["material"]
