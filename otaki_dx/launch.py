"""What `manage.py portal` settles before Django reads its settings: port, data folder, lock and secrets.

Every refusal is one sentence for the person at the keyboard.
"""

import argparse
import errno
import fcntl
import hashlib
import os
import secrets
import socket
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from otaki_dx import env

BASE_DIR = Path(__file__).resolve().parent.parent
# sun_path holds 108 bytes with its closing zero.
LONGEST_SOCKET_PATH = 107
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else on paper

_locks: list[TextIO] = []  # open, and therefore held, until the process ends


class Refused(Exception):  # noqa: N818 - reads as the fact it reports
    """The portal cannot start; the message is the sentence to print."""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", help="ポート番号（省くと 8000）")
    parser.add_argument("--data", help="データを置くフォルダー（省くと data）")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="架空の利用者と記録を入れる（省くと、新しいデータフォルダーのときだけ入れる）",
    )


def settle(arguments: list[str]) -> None:
    """Turn the options of `manage.py portal` into environment variables, and take the data folder for this process."""
    if {"-h", "--help", "--version"} & set(arguments):
        return
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_options(parser)
    options, _ = parser.parse_known_args(arguments)
    port = checked_port(options.port or env.text("PORTAL_PORT", "8000"))
    folder = Path(options.data).expanduser().resolve() if options.data else env.folder("PORTAL_DATA", BASE_DIR / "data")
    prepare_folder(folder)
    lock(folder)
    check_free(env.text("PORTAL_BIND", "127.0.0.1"), port)
    os.environ["PORTAL_PORT"] = str(port)
    os.environ["PORTAL_DATA"] = str(folder)
    # Production brings its own secrets and has no demonstration; settings.py refuses to start without them.
    if not env.boolean("PORTAL_PRODUCTION", default=False):
        keep_secret("PORTAL_SECRET_KEY", folder / "secret-key", lambda: secrets.token_urlsafe(48))
        keep_secret("PORTAL_DEMO_PASSWORD", folder / "demo-password", readable_password)


def checked_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refused(f"ポート番号は1から65535までの整数で指定してください（いまの値: {text}）。")
    return int(text)


def check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(_why_not_bound(host, port, error)) from None


def _why_not_bound(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"ポート {port} はほかのプログラムが使っています。PORT={port + 1} のように別の番号を指定してください。"
    if error.errno == errno.EACCES:
        return f"ポート {port} を使う権限がありません。1024以上の番号を指定してください。"
    return f"{host} のポート {port} を開けません（{error.strerror or error}）。PORTAL_BIND を確かめてください。"


def prepare_folder(folder: Path) -> None:
    """Make the data folder with its parts, readable by its owner only, and prove that it can be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in ("run", "log", "mail", "static"):
            (folder / part).mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except (OSError, ValueError) as error:
        raise Refused(f"データフォルダー {folder} を使えません。{_why_not_written(error)}") from None


def _why_not_written(error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return "書き込む権限がありません。別のフォルダーを DATA= で指定してください。"
    if number == errno.EROFS:
        return "読み取り専用の場所です。別のフォルダーを DATA= で指定してください。"
    if number in (errno.EEXIST, errno.ENOTDIR):
        return "フォルダーではなくファイルがあります。別の名前を DATA= で指定してください。"
    if number in (errno.ENOSPC, errno.EDQUOT):
        return "空き容量がありません。"
    return f"別のフォルダーを DATA= で指定してください（{error}）。"


def lock(folder: Path) -> None:
    """Hold the folder until this process ends, even by kill -9; two portals on one folder would fight."""
    handle = (folder / "run" / "portal.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        holder = handle.read().strip() or "不明"
        handle.close()
        raise Refused(
            f"データフォルダー {folder} では、ポータルがもう動いています（プロセス番号 {holder}）。"
            "それを止めるか、別のフォルダーを DATA= で指定してください。"
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    _locks.append(handle)


def keep_secret(name: str, file: Path, make: Callable[[], str]) -> None:
    """Fill the variable `name` from the owner-only file; without one, make it. A variable already set wins."""
    if env.text(name):
        return
    try:
        kept = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} を読めません（{error}）。") from None
    if not kept:
        kept = make()
        write_secret(file, kept)
    os.environ[name] = kept


def write_secret(file: Path, text: str) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text + "\n")
    except OSError as error:
        raise Refused(f"{file} に書けません。{_why_not_written(error)}") from None


def readable_password() -> str:
    """Twelve characters in three groups, about 59 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def broker_socket(folder: Path) -> Path:
    """Where the embedded Valkey listens: in the data folder, or in a short private folder when the path is too long."""
    path = folder / "run" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"otaki-dx-{os.getuid()}-{name}" / "valkey.sock"


def prepare_broker_folder(path: Path) -> None:
    """The folder of the socket must be ours alone: whoever may write to it could answer in the broker's place."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    found = path.parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise Refused(f"{path.parent} はほかの利用者が書き込めるため使えません。DATA= に短い名前を指定してください。")
