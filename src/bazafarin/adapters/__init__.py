"""Borders: where files, text, pictures and documents come in and go out."""
