"""A document as the answer to a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from townhall.paper.content import Paper
from townhall.paper.pdf import PDF_TYPE, PaperError
from townhall.paper.shelf import pdf_of
from townhall.paper.workbook import make_workbook
from townhall.sheets.writing import XLSX_TYPE


def pdf_answer(request: HttpRequest, paper: Paper, *, name: str, page_url: str) -> HttpResponse:
    """When the PDF cannot be made: 503, what is kept, and the page that says the same and can be printed."""
    try:
        return _file(pdf_of(paper), PDF_TYPE, f"{name}.pdf")
    except PaperError:
        context = {"paper": paper, "page_url": page_url}
        return render(request, "documents/pdf_unavailable.html", context, status=503)


def workbook_answer(paper: Paper, *, name: str) -> HttpResponse:
    return _file(make_workbook(paper), XLSX_TYPE, f"{name}.xlsx")


def _file(data: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(data, content_type=content_type, headers=headers)
