"""What a ticket leaves on paper: named by the kind of its events, made beside the requests, filed for ever."""

from tickets.documents.filing import file_pending, written_code

__all__ = ["file_pending", "written_code"]
