"""The plain pages a browser sees."""

from html import escape

from app.errors import AppError


def error_page(error: AppError) -> str:
    """Render an error as a small page of its own."""
    title = escape(error.code.replace("_", " ").capitalize())
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        f"<h1>{title}</h1><p>{escape(error.detail)}</p>"
    )
