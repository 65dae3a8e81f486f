"""Sample sources in several formats; every person and place in them is invented."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

ARTICLE = (
    "The envoy of Norland, Orla Venn, met the governor of Quba, Tarik Solm, on Tuesday, and they spoke for "
    "three hours about the ferry and the school that had been closed in the spring."
)
FOREIGN = (
    "Norland səfiri bu gün Qubada vali ilə görüşdü və iki ölkə arasında əməkdaşlığın genişləndirilməsi "
    "müzakirə edildi. Görüşdə bərə xəttinin və məktəbin yenidən açılması barədə razılıq əldə olundu, "
    "tərəflər gələn ay yenidən bir araya gələcəklər."
)


def page(head: str = "", shown: str = "") -> bytes:
    """An article page with two pictures, a menu and a clock."""
    return f"""<!DOCTYPE html><html><head><title>Ferry agreed | Reed Post</title>
<meta property="og:site_name" content="Reed Post"><meta property="og:title" content="Ferry agreed">
{head}</head>
<body><nav><a href="/">Home</a><a href="/p">Politics</a></nav><p class="clock">Today: Nov 23, 2021</p>
<h1>Ferry agreed</h1><span class="byline">By Jane Roe</span>{shown}
<figure><img src="a.jpg"><figcaption>Orla Venn and Tarik SolmPhoto: Embassy of Norland</figcaption></figure>
<article><p>{ARTICLE}</p>
<div class="wp-caption"><p class="wp-caption-text">The ferry at the pier. (Reed Photo/Max Pell)</p></div>
<p>"It was a good day," she said after the meeting, and they walked along the river bank.</p>
<p>Read also: The school of Quba</p></article>
<aside><figure><figcaption>A cat from another story</figcaption></figure></aside>
<footer>Copyright 2021 Reed Post</footer></body></html>""".encode()


def feed(items: str) -> bytes:
    """An RSS feed with the items."""
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Reed</title>'
    return f"{head}{items}</channel></rss>".encode()


def warc(packed: bool = True, pages: Sequence[bytes] = ()) -> bytes:
    """A WARC file of the pages, crawled on 2 May 2022; each record a gzip member of its own if packed."""
    bodies = pages or (page(), page().replace(b"three", b"four"))
    records = (_write_record(number, body) for number, body in enumerate(bodies))
    return b"".join(gzip.compress(record, mtime=0) if packed else record for record in records)


def _write_record(number: int, body: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2022-05-02T10:00:00Z\r\n"
        f"WARC-Target-URI: https://r.example/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"
