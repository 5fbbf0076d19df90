"""貼り付け and 入力用Excel through the pages, as a person uses them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from schedule.models import ProgressReport

URL = "/progress/2025-4/"


def stored():
    """Everything an import could have changed."""
    reports = ProgressReport.objects.order_by("activity__order").values_list(
        "activity__code", "state", "standing", "percent", "text", "reason", "next_step", "completes_on", "version"
    )
    return list(reports), ProgressReport.history.count()


def paste(client, text, **more):
    return client.post(f"{URL}paste/", {"text": text, **more})


def apply(client, response, **data):
    job = response.context["job"]
    ticks = [line.code for line in response.context["preview"].changed]
    return client.post(f"{URL}import/{job.pk}/", {"has_ticks": "1", "take": ticks, **data})


def download(client, **query):
    response = client.get(f"{URL}workbook/file/", query)
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content))


def fill(book, **cells):
    """`D7="…"` into the form, as bytes."""
    for address, value in cells.items():
        book["入力"][address] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client, data, name="進捗入力.xlsx"):
    response = client.post(f"{URL}workbook/", {"file": SimpleUploadedFile(name, data)})
    return client.get(response.url) if response.status_code == 302 else response


def line_of(book, code):
    return next(cells[0].row for cells in book["入力"].iter_rows() if cells[0].value == code)
