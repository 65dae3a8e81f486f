"""Dragoman reads the news and keeps a sourced record of diplomatic engagement."""
