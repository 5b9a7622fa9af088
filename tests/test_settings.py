"""What an operator can write, and what an operator is told who wrote it wrongly."""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.rules.deadlines import Limit
from bot.rules.office import PROFILES, Office
from bot.sections import BranchSection
from bot.settings import BadSettings, Settings, fields, load, section_of, variables
from bot.wording.catalogue import catalogue
from storage.backup.places import Places
from storage.kinds import Role, Urgency

TOKEN = "123456789:AAE-x_secret"
MINIMAL = f"""
[telegram]
token = "{TOKEN}"
[database]
url = "sqlite:///chatvan.sqlite3"
[[branches]]
code = "HUE"
name = "TP Huế"
"""
ENVIRONMENT = {
    "CHATVAN_TELEGRAM__TOKEN": TOKEN,
    "CHATVAN_DATABASE__URL": "sqlite:///chatvan.sqlite3",
    "CHATVAN_BRANCHES": '[{"code": "HUE", "name": "TP Huế"}]',
}
EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
FILE = Path("config.toml")


@pytest.fixture(autouse=True)
def _in_an_empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("CHATVAN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def written(text: str) -> Settings:
    FILE.write_text(text, encoding="utf-8")
    return load(None)


def refused(text: str) -> str:
    with pytest.raises(BadSettings) as told:
        written(text)
    return str(told.value)


def leaves(model: type[BaseModel], section: str = "") -> Iterator[str]:
    """Yield `section.key` of everything that can be set."""
    for name, field in fields(model).items():
        inner = section_of(field)
        if inner is None:
            yield section + name
        else:
            yield from leaves(inner, f"{section}{name}.")


# --- where the settings come from ---


def test_four_settings_are_enough() -> None:
    settings = written(MINIMAL)
    assert settings.office() == Office()
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert settings.telegram.base_url == "https://api.telegram.org"
    assert (settings.telegram.proxy, settings.telegram.mode) == (None, "polling")
    assert (settings.telegram.messages_per_second, settings.telegram.chat_messages_per_second) == (30, 1)
    assert settings.database.url == "sqlite:///chatvan.sqlite3"
    assert (settings.log.level, settings.log.format) == ("info", "text")
    assert settings.branch_names() == [("HUE", "TP Huế", "Chi cục THADS TP Huế")]


@pytest.mark.usefixtures("environment")
def test_the_environment_alone_is_enough() -> None:
    with_file = written(MINIMAL)
    FILE.unlink()
    assert load(None) == with_file
    assert load(Path("nowhere.toml")) == with_file


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATVAN_DEADLINES__NORMAL_DAYS", "7")
    monkeypatch.setenv("chatvan_office__titles__head", "Trưởng Chi cục")
    monkeypatch.setenv("CHATVAN_CALENDAR__OFF", '["02/01/2027"]')
    settings = written(
        MINIMAL + "[deadlines]\nnormal_days = 3\nurgent_days = 3\n[calendar]\noff = [2027-01-04]\n"
    )
    assert (settings.deadlines.normal_days, settings.deadlines.urgent_days) == (7, 3)
    assert settings.office().title_of(Role.HEAD) == "Trưởng Chi cục"
    assert settings.calendar.off == {date(2027, 1, 2)}


@pytest.mark.parametrize(
    ("url", "backups", "wanted"),
    [
        ("sqlite:///chatvan.sqlite3", "", "chatvan-backups"),
        ("sqlite:////var/lib/chatvan/office.db", "", "/var/lib/chatvan/office-backups"),
        ("postgresql://chatvan@/chatvan", "", "chatvan-backups"),
        ("sqlite:////var/lib/chatvan/office.db", 'backups = "/srv/sao-luu"', "/srv/sao-luu"),
    ],
)
def test_backups_lie_beside_the_database_unless_a_folder_is_named(
    url: str, backups: str, wanted: str
) -> None:
    text = MINIMAL.replace('url = "sqlite:///chatvan.sqlite3"', f'url = "{url}"\n{backups}')
    settings = written(text)
    assert settings.places() == Places(url, settings.files_folder(), Path(wanted))
    assert settings.keeps_backups()
    assert not written(text + "[retention]\nbackups = 0\n").keeps_backups()


@pytest.mark.parametrize(
    ("url", "files", "wanted"),
    [
        ("sqlite:///chatvan.sqlite3", "", "chatvan-files"),
        ("sqlite:////var/lib/chatvan/office.db", "", "/var/lib/chatvan/office-files"),
        ("postgresql://chatvan@/chatvan", "", "chatvan-files"),
        ("sqlite:////var/lib/chatvan/office.db", 'files = "/srv/tep"', "/srv/tep"),
    ],
)
def test_files_lie_beside_the_database_unless_a_folder_is_named(url: str, files: str, wanted: str) -> None:
    settings = written(
        MINIMAL.replace("sqlite:///chatvan.sqlite3", url).replace(url + '"', f'{url}"\n{files}')
    )
    assert settings.files_folder() == Path(wanted)


@pytest.mark.parametrize("value", ['""', "5", "true"])
def test_a_wrong_folder_for_files(value: str) -> None:
    told = refused(MINIMAL.replace('chatvan.sqlite3"', f'chatvan.sqlite3"\nfiles = {value}'))
    want = 'tên thư mục trong ngoặc kép, ví dụ "chatvan-files"'
    assert told == f"Tệp config.toml, mục [database], khóa files chưa đúng: cần {want}."


@pytest.mark.usefixtures("environment")
def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose files leave them."""
    monkeypatch.setenv("CHATVAN_TELEGRAM__PROXY", "")
    assert load(None).telegram.proxy is None


def test_the_file_is_the_one_given_or_named_or_config_toml(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("given", "named", "config"):
        Path(f"{name}.toml").write_text(MINIMAL + f'[office]\nphone = "{name}"\n', encoding="utf-8")
    assert load(None).office().phone == "config"
    monkeypatch.setenv("CHATVAN_CONFIG", str(tmp_path / "named.toml"))
    assert load(None).office().phone == "named"
    assert load(Path("given.toml")).office().phone == "given"


def test_a_file_from_notepad_is_read() -> None:
    """With a byte order mark, and lines ended as on Windows."""
    FILE.write_bytes(b"\xef\xbb\xbf" + MINIMAL.strip().replace("\n", "\r\n").encode())
    assert load(None).branches[0].code == "HUE"


# --- what they make of it ---


def test_an_office_of_its_own() -> None:
    office = written(
        MINIMAL
        + """
[office]
profile = "2025"
phone = " 0234  382 "
leadership = "Ban Lãnh đạo"
branch_noun = "Đội"
[office.titles]
chief = "Trưởng ban"
deputy = "Phó phòng"
[deadlines]
normal_days = 6
urgent_days = 4
very_urgent_days = 3
flash_hours = 2
further_days = 3
verdict_days = 15
prompt_minutes = 10
code_days = 1
[calendar]
hours = ["8:00-12:00", "13:00 - 16:30"]
weekdays = ["T2", "t7", "CN"]
off = ["31/12/2027", 2027-01-04]
working = ["2027-01-05"]
decided_years = [2027]
[summary]
weekday = "t5"
time = "9:30"
[retention]
years = 20
"""
    ).office()
    assert office.profile.department == PROFILES["2025"].department
    assert office.profile.leadership == "Ban Lãnh đạo"
    assert office.profile.branch_noun == "Đội"
    assert office.profile.chief == "Trưởng ban"
    assert office.profile.titles == {**PROFILES["2025"].titles, Role.DEPUTY: "Phó phòng"}
    assert office.phone == "0234 382"
    assert office.limits == {
        Urgency.NORMAL: Limit(working_days=6),
        Urgency.URGENT: Limit(working_days=4),
        Urgency.VERY_URGENT: Limit(working_days=3),
        Urgency.FLASH: Limit(clock_hours=2),
    }
    assert office.further == Limit(working_days=3)
    assert office.verdict_days == 15
    assert (office.prompt_lasts, office.code_lasts) == (timedelta(minutes=10), timedelta(days=1))
    assert office.calendar.spans == ((time(8), time(12)), (time(13), time(16, 30)))
    assert office.calendar.weekdays == {0, 5, 6}
    assert office.calendar.off == {date(2027, 12, 31), date(2027, 1, 4)}
    assert office.calendar.working == {date(2027, 1, 5)}
    assert office.calendar.decided == {2027}
    assert office.retention_years == 20
    assert (office.summary_weekday, office.summary_time) == (3, time(9, 30))


def test_a_profile_is_known_by_its_year_too() -> None:
    assert written(MINIMAL + "[office]\nprofile = 2025\n").office().profile == PROFILES["2025"]


def test_sections_without_keys_may_stand() -> None:
    assert (
        written(MINIMAL + "[reminders]\n[summary]\n[web]\n[calendar]\n[office.titles]\n").office() == Office()
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_machines_may_ask_on_the_loopback(host: str) -> None:
    settings = written(MINIMAL + f'[web]\nhost = "{host}"\nport = 8431\n')
    assert (settings.web.host, settings.web.port) == (host, 8431)
    assert written(MINIMAL).web.port == 0, "nothing is opened unless somebody wants it"


def test_a_time_of_toml_will_do() -> None:
    assert written(MINIMAL + "[summary]\ntime = 08:15:00\n").office().summary_time == time(8, 15)


def test_a_branch_may_have_a_full_name() -> None:
    settings = written(MINIMAL + 'full_name = "Chi cục thành phố"\n')
    assert settings.branch_names() == [("HUE", "TP Huế", "Chi cục thành phố")]


def test_names_are_stored_in_nfc() -> None:
    assert written(MINIMAL.replace("Huế", "Hue\u0302\u0301")).branches[0].name == "TP Huế"


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("base_url", "http://localhost:8081/", "http://localhost:8081"),
        ("base_url", "http://10.0.0.1/bot-api", "http://10.0.0.1/bot-api"),
        ("mode", "Polling", "polling"),
        ("messages_per_second", "0.5", 0.5),
        ("chat_messages_per_second", "20", 20.0),
    ],
)
def test_values_of_telegram(key: str, value: str, read: object, environment: pytest.MonkeyPatch) -> None:
    environment.setenv(f"CHATVAN_TELEGRAM__{key.upper()}", value)
    assert getattr(load(None).telegram, key) == read


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/chatvan/chatvan.sqlite3",
        "postgresql://chatvan:secret@localhost/chatvan",
        "postgres://localhost/chatvan",
        "postgresql+psycopg:///chatvan?host=/run/postgresql",
    ],
)
def test_databases(url: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATVAN_DATABASE__URL", url)
    assert load(None).database.url == url


def test_secrets_are_known_and_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATVAN_DATABASE__URL", "postgresql://u:p%40ss@localhost/chatvan")
    environment.setenv("CHATVAN_TELEGRAM__PROXY", "http://u:word@10.0.0.1:3128")
    settings = load(None)
    assert settings.secrets() == [TOKEN, "p%40ss", "p@ss", "word"]
    assert not [secret for secret in settings.secrets() if secret in repr(settings)]


def test_without_passwords_the_token_is_the_secret() -> None:
    assert written(MINIMAL).secrets() == [TOKEN]


# --- what is refused, and how ---

COUNT = "số nguyên từ 1 đến 1000"
WORD = "chữ trong ngoặc kép, không để trống"
WANT_TOKEN = 'mã của bot do @BotFather cấp, dạng "123456789:ABC-xyz"'
WANT_URL = 'địa chỉ bắt đầu bằng https:// hoặc http://, ví dụ "https://api.telegram.org"'
WANT_PROXY = 'địa chỉ proxy bắt đầu bằng http:// hoặc https://, ví dụ "http://10.0.0.1:3128"'
WANT_RATE = "số lớn hơn 0"
WANT_HOURS = 'các buổi làm việc theo thứ tự, không chạm nhau, ví dụ ["07:30-11:30", "13:30-17:00"]'
WANT_WEEKDAYS = 'ít nhất một thứ trong tuần, viết T2 đến T7 và CN, ví dụ ["T2", "T3", "T4", "T5", "T6"]'
WANT_WEEKDAY = 'một thứ trong tuần, từ T2 đến T7 hoặc CN, ví dụ "T6"'
WANT_TIME = 'giờ trong ngày, ví dụ "16:00"'
WANT_DAYS = 'các ngày trong ngoặc kép, ví dụ ["02/01/2026", "31/08/2026"]'
WANT_YEARS = "các năm từ 2018 đến 2099, ví dụ [2027]"
WANT_LOOPBACK = (
    'địa chỉ của chính máy này: "127.0.0.1", "::1" hoặc "localhost" (máy khác không được hỏi vào đây)'
)
WANT_PORT = "số cổng từ 0 đến 65535; 0 là không mở"
WANT_PHONE = 'số điện thoại văn phòng trong ngoặc kép, ví dụ "0234 382 0000"'


@pytest.mark.parametrize(
    ("section", "key", "value", "place", "want"),
    [
        ("office", "profile", '"2019"', "khóa profile", '"2018" hoặc "2025"'),
        ("office", "phone", "234", "khóa phone", WANT_PHONE),
        ("office", "department", '" "', "khóa department", WORD),
        ("office.titles", "head", "3", "khóa head", WORD),
        ("deadlines", "normal_days", "0", "khóa normal_days", COUNT),
        ("deadlines", "urgent_days", '"hai"', "khóa urgent_days", COUNT),
        ("deadlines", "very_urgent_days", "true", "khóa very_urgent_days", COUNT),
        ("deadlines", "flash_hours", "1.5", "khóa flash_hours", COUNT),
        ("deadlines", "code_days", "1000000000000", "khóa code_days", COUNT),
        ("calendar", "hours", '"07:30-11:30"', "khóa hours", WANT_HOURS),
        ("calendar", "hours", "[]", "khóa hours", WANT_HOURS),
        ("calendar", "hours", '["07:30-11:30", "13h30-17h"]', "khóa hours, giá trị thứ 2", WANT_HOURS),
        ("calendar", "hours", '["25:00-26:00"]', "khóa hours, giá trị thứ 1", WANT_HOURS),
        ("calendar", "hours", '["13:30-17:00", "07:30-11:30"]', "khóa hours", WANT_HOURS),
        ("calendar", "weekdays", "[]", "khóa weekdays", WANT_WEEKDAYS),
        ("calendar", "weekdays", '["T2", "T8"]', "khóa weekdays, giá trị thứ 2", WANT_WEEKDAYS),
        ("calendar", "off", '["30/02/2026"]', "khóa off, giá trị thứ 1", WANT_DAYS),
        ("calendar", "off", "[2026-01-02T08:00:00]", "khóa off, giá trị thứ 1", WANT_DAYS),
        ("calendar", "working", '["mai"]', "khóa working, giá trị thứ 1", WANT_DAYS),
        ("calendar", "working", "[1]", "khóa working, giá trị thứ 1", WANT_DAYS),
        ("calendar", "decided_years", "2027", "khóa decided_years", WANT_YEARS),
        ("calendar", "decided_years", "[27]", "khóa decided_years, giá trị thứ 1", WANT_YEARS),
        ("summary", "weekday", '"T8"', "khóa weekday", WANT_WEEKDAY),
        ("summary", "weekday", "6", "khóa weekday", WANT_WEEKDAY),
        ("summary", "time", '"16h"', "khóa time", WANT_TIME),
        ("summary", "time", '"24:00"', "khóa time", WANT_TIME),
        ("retention", "years", "0", "khóa years", COUNT),
        ("retention", "backups", "-1", "khóa backups", "số nguyên từ 0 đến 1000 (0 là không)"),
        ("retention", "backups", "true", "khóa backups", "số nguyên từ 0 đến 1000 (0 là không)"),
        ("retention", "backup_time", '"2"', "khóa backup_time", WANT_TIME),
        ("web", "host", '"0.0.0.0"', "khóa host", WANT_LOOPBACK),
        ("web", "host", '"192.168.1.5"', "khóa host", WANT_LOOPBACK),
        ("web", "host", '"may-chu"', "khóa host", WANT_LOOPBACK),
        ("web", "host", '""', "khóa host", WANT_LOOPBACK),
        ("web", "port", "65536", "khóa port", WANT_PORT),
        ("web", "port", "-1", "khóa port", WANT_PORT),
        ("web", "port", "true", "khóa port", WANT_PORT),
        ("log", "level", '"loud"', "khóa level", '"debug", "info", "warning" hoặc "error"'),
        ("log", "format", '"xml"', "khóa format", '"text" hoặc "json"'),
    ],
)
def test_a_wrong_value(section: str, key: str, value: str, place: str, want: str) -> None:
    told = refused(MINIMAL + f"[{section}]\n{key} = {value}\n")
    assert told == f"Tệp config.toml, mục [{section}], {place} chưa đúng: cần {want}."


@pytest.mark.parametrize(
    ("key", "value", "want"),
    [
        ("token", "123456789", WANT_TOKEN),
        ("token", "ABC:123456789", WANT_TOKEN),
        ("token", f"{TOKEN} ", WANT_TOKEN),
        ("token", "ĐIỀN:vào", WANT_TOKEN),
        ("base_url", "api.telegram.org", WANT_URL),
        ("base_url", "ftp://api.telegram.org", WANT_URL),
        ("base_url", "https://", WANT_URL),
        ("base_url", "https://api.telegram.org:port", WANT_URL),
        ("base_url", "https://api.telegram.org/?x=1", WANT_URL),
        ("proxy", "10.0.0.1:3128", WANT_PROXY),
        ("proxy", "socks5://10.0.0.1", WANT_PROXY),
        ("mode", "webhook", '"polling"'),
        ("messages_per_second", "0", WANT_RATE),
        ("messages_per_second", "nan", WANT_RATE),
        ("chat_messages_per_second", "-1", WANT_RATE),
    ],
)
def test_a_wrong_value_in_the_environment(
    key: str, value: str, want: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv(f"CHATVAN_TELEGRAM__{key.upper()}", value)
    FILE.write_text(MINIMAL, encoding="utf-8")
    with pytest.raises(BadSettings) as told:
        load(None)
    assert str(told.value) == f"Biến môi trường CHATVAN_TELEGRAM__{key.upper()} chưa đúng: cần {want}."


@pytest.mark.parametrize(
    "url",
    [
        "chatvan.sqlite3",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://localhost/chatvan",
        "postgresql+psycopg2://localhost/chatvan",
        "postgresql://localhost",
        "postgresql://localhost:port/chatvan",
    ],
)
def test_a_wrong_database(url: str) -> None:
    assert refused(MINIMAL.replace("sqlite:///chatvan.sqlite3", url)) == (
        "Tệp config.toml, mục [database], khóa url chưa đúng: cần địa chỉ cơ sở dữ liệu, dạng"
        ' "sqlite:///chatvan.sqlite3" hoặc "postgresql://người-dùng:mật-khẩu@máy-chủ/tên".'
    )


CODE = 'cần mã gồm chữ in hoa không dấu và chữ số, bắt đầu bằng chữ, nhiều nhất 16 ký tự, ví dụ "HUE".'
BRANCHES = (
    "cần ít nhất một đơn vị, mỗi đơn vị dưới một dòng [[branches]] riêng, có code và name"
    ' (trong biến môi trường: [{"code": "HUE", "name": "TP Huế"}]).'
)
SECOND = "Tệp config.toml, mục [[branches]], đơn vị thứ 2"


@pytest.mark.parametrize(
    ("branch", "told"),
    [
        ('code = "hue"\nname = "A"', f"{SECOND}, khóa code chưa đúng: {CODE}"),
        ('code = "PLỘC"\nname = "A"', f"{SECOND}, khóa code chưa đúng: {CODE}"),
        ('code = "12"\nname = "A"', f"{SECOND}, khóa code chưa đúng: {CODE}"),
        ('code = "A\\n"\nname = "A"', f"{SECOND}, khóa code chưa đúng: {CODE}"),
        ('name = "A"', f"{SECOND}: thiếu khóa code; {CODE}"),
        (
            'code = "PLOC"\nname = ""',
            f'{SECOND}, khóa name chưa đúng: cần tên đơn vị trong ngoặc kép, ví dụ "TP Huế".',
        ),
        (
            'code = "PLOC"\nname = "A"\nfull_name = 1',
            f"{SECOND}, khóa full_name chưa đúng: cần tên đầy đủ của đơn vị trong ngoặc kép,"
            ' ví dụ "Chi cục THADS TP Huế".',
        ),
        (
            'code = "PLOC"\nnam = "A"\nname = "A"',
            f"{SECOND}: không có khóa nam. Có phải là name không? Các khóa dùng được: code, name, full_name.",
        ),
        (
            'code = "HUE"\nname = "A"',
            "Tệp config.toml, mục [[branches]]: có hai đơn vị cùng code là HUE;"
            " mỗi đơn vị cần một code riêng.",
        ),
        (
            'code = "PLOC"\nname = "tp HUẾ"',
            "Tệp config.toml, mục [[branches]]: có hai đơn vị cùng name là tp HUẾ;"
            " mỗi đơn vị cần một name riêng.",
        ),
    ],
)
def test_a_wrong_branch(branch: str, told: str) -> None:
    assert refused(f"{MINIMAL}[[branches]]\n{branch}\n") == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("[]", f"Biến môi trường CHATVAN_BRANCHES chưa đúng: {BRANCHES}"),
        ("HUE", f"Biến môi trường CHATVAN_BRANCHES chưa đúng: {BRANCHES}"),
        ('["HUE"]', f"Biến môi trường CHATVAN_BRANCHES, đơn vị thứ 1 chưa đúng: {BRANCHES}"),
        (
            '[{"code": "hue", "name": "A"}]',
            f"Biến môi trường CHATVAN_BRANCHES, đơn vị thứ 1, khóa code chưa đúng: {CODE}",
        ),
    ],
)
def test_wrong_branches_in_the_environment(value: str, told: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATVAN_BRANCHES", value)
    FILE.write_text(MINIMAL, encoding="utf-8")
    with pytest.raises(BadSettings, match=re.escape(told)):
        load(None)


def test_a_list_in_the_environment_is_json(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATVAN_CALENDAR__OFF", "02/01/2027")
    assert refused("") == f"Biến môi trường CHATVAN_CALENDAR__OFF chưa đúng: cần {WANT_DAYS}."


SECTIONS = (
    "[office], [telegram], [database], [deadlines], [calendar], [reminders], [summary], [retention], [web],"
    " [log], [[branches]]"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[telegrm]\n",
            "Tệp config.toml không có mục tên telegrm: có phải là [telegram] không?"
            f" Các mục dùng được: {SECTIONS}.",
        ),
        ("[quy_dinh]\n", f"Tệp config.toml không có mục tên quy_dinh: Các mục dùng được: {SECTIONS}."),
        ("[_env_file]\n", f"Tệp config.toml không có mục tên _env_file: Các mục dùng được: {SECTIONS}."),
        (
            "[log]\nlevl = 1\n",
            "Tệp config.toml, mục [log]: không có khóa levl. Có phải là level không?"
            " Các khóa dùng được: level, format.",
        ),
        (
            "[log]\ncolour = 1\n",
            "Tệp config.toml, mục [log]: không có khóa colour. Các khóa dùng được: level, format.",
        ),
        (
            "[reminders]\nport = 80\n",
            "Tệp config.toml, mục [reminders]: không có khóa port."
            " Mục này chưa có khóa nào, đề nghị bỏ khóa đó.",
        ),
        (
            "[office.titles]\nbos = 1\n",
            "Tệp config.toml, mục [office.titles]: không có khóa bos."
            " Các khóa dùng được: chief, leader, head, deputy, officer, observer, admin.",
        ),
        (
            "[calendar]\noff = [2026-01-02]\nworking = [2026-01-02]\n",
            "Tệp config.toml, mục [calendar]: ngày 02/01/2026 không thể vừa là ngày nghỉ (off) vừa là ngày"
            " làm việc (working); đề nghị bỏ khỏi một trong hai khóa.",
        ),
        (
            "[[log]]\n",
            "Tệp config.toml, mục [log] chưa đúng: cần một dòng [log] riêng, dưới đó mỗi khóa một dòng.",
        ),
    ],
)
def test_what_does_not_belong(text: str, told: str) -> None:
    assert refused(MINIMAL + text) == told


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        (
            "CHATVAN_TELEGRM__TOKEN",
            "Không có biến môi trường CHATVAN_TELEGRM__TOKEN:"
            " có phải là CHATVAN_TELEGRAM__TOKEN không? Nếu không, đề nghị bỏ biến này.",
        ),
        (
            "CHATVAN_TELEGRAM_TOKEN",
            "Không có biến môi trường CHATVAN_TELEGRAM_TOKEN:"
            " có phải là CHATVAN_TELEGRAM__TOKEN không? Nếu không, đề nghị bỏ biến này.",
        ),
        (
            "chatvan_telegram__tokn",
            "Không có biến môi trường chatvan_telegram__tokn:"
            " có phải là CHATVAN_TELEGRAM__TOKEN không? Nếu không, đề nghị bỏ biến này.",
        ),
        (
            "CHATVAN_WEB",
            "Không có biến môi trường CHATVAN_WEB: đề nghị bỏ biến này.",
        ),
        (
            "CHATVAN_TELEGRAM__TOKEN__X",
            "Không có biến môi trường CHATVAN_TELEGRAM__TOKEN__X:"
            " có phải là CHATVAN_TELEGRAM__TOKEN không? Nếu không, đề nghị bỏ biến này.",
        ),
    ],
)
@pytest.mark.parametrize("value", [TOKEN, ""])
def test_a_variable_that_does_not_belong(
    variable: str, value: str, told: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv(variable, value)
    assert refused(MINIMAL) == told


NO_FILE = (
    "Không thấy tệp cấu hình config.toml: đề nghị chép config.example.toml thành tệp đó rồi điền vào,"
    " hoặc đặt các biến môi trường CHATVAN_…"
)
NO_TOKEN = (
    "Tệp config.toml, mục [telegram]: thiếu khóa token (hoặc biến môi trường CHATVAN_TELEGRAM__TOKEN);"
    f" cần {WANT_TOKEN}."
)
NO_DATABASE = (
    "Tệp config.toml, mục [database]: thiếu khóa url (hoặc biến môi trường CHATVAN_DATABASE__URL);"
    ' cần địa chỉ cơ sở dữ liệu, dạng "sqlite:///chatvan.sqlite3" hoặc'
    ' "postgresql://người-dùng:mật-khẩu@máy-chủ/tên".'
)
NO_BRANCH = f"Tệp config.toml, mục [[branches]] chưa đúng: {BRANCHES}"


def test_all_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as told:
        load(None)
    assert str(told.value).splitlines() == [NO_FILE, NO_TOKEN, NO_DATABASE, NO_BRANCH]
    assert refused("").splitlines() == [NO_TOKEN, NO_DATABASE, NO_BRANCH]


def test_unknown_and_missing_are_told_together() -> None:
    told = refused(MINIMAL.replace("[telegram]", "[telegrm]")).splitlines()
    assert [line[:40] for line in told] == ["Tệp config.toml không có mục tên telegrm", NO_TOKEN[:40]]


def test_one_pair_of_brackets_is_no_list_of_branches() -> None:
    assert refused(MINIMAL.replace("[[branches]]", "[branches]")) == NO_BRANCH


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("\n\ntoken = ABC\n", "dòng 3"),
        ("[telegram]\ntoken = 1\ntoken = 2\n", "dòng 3"),
        ("[log]\n[log]\n", "dòng 2"),
        ("[log]\nformat = ", "cuối tệp"),
    ],
)
def test_a_syntax_error_is_placed(text: str, place: str) -> None:
    assert refused(text) == (
        f"Tệp config.toml viết sai cú pháp ở {place}: đề nghị xem lại dấu ngoặc kép, dấu ngoặc vuông,"
        " dấu bằng và xem có khóa hoặc mục nào viết hai lần không."
    )


def test_a_file_that_is_no_text() -> None:
    FILE.write_bytes(MINIMAL.encode("utf-16"))
    with pytest.raises(
        BadSettings, match=r"^Tệp config.toml không đọc được: đề nghị lưu lại tệp với bảng mã UTF-8\.$"
    ):
        load(None)


def test_a_file_that_cannot_be_opened() -> None:
    FILE.mkdir()
    with pytest.raises(BadSettings) as told:
        load(None)
    assert str(told.value) == (
        "Tệp config.toml không mở được (Is a directory): đề nghị xem lại đường dẫn và quyền đọc tệp."
    )


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL.replace(TOKEN, "AAE-x_secret:123456789"),
        MINIMAL.replace(f'"{TOKEN}"', '["AAE-x_secret"]'),
        MINIMAL.replace("[telegram]", "").replace("token", "telegram.token.x"),
        MINIMAL.replace(f'"{TOKEN}"', TOKEN),
        MINIMAL.replace("sqlite:///", "AAE-x_secret"),
    ],
)
def test_no_value_is_repeated_nor_hangs_on_the_error(text: str) -> None:
    with pytest.raises(BadSettings) as told:
        written(text)
    assert "AAE-x_secret" in text
    assert "AAE-x_secret" not in str(told.value)
    assert (told.value.__cause__, told.value.__context__) == (None, None)


# --- the example, and the words ---


def example(uncommented: bool = False) -> str:
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace("ĐIỀN MÃ CỦA BOT VÀO ĐÂY", TOKEN)
    return re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE) if uncommented else text


def test_the_example_as_it_stands_asks_for_the_token() -> None:
    assert refused(EXAMPLE.read_text(encoding="utf-8")) == (
        f"Tệp config.toml, mục [telegram], khóa token chưa đúng: cần {WANT_TOKEN}."
    )


def test_the_example_with_a_token_gives_the_defaults() -> None:
    required = {"branches", "database"}
    assert written(example()).model_dump(exclude=required) == written(MINIMAL).model_dump(exclude=required)


def test_what_the_example_offers_in_comments_can_be_used() -> None:
    settings = written(example(uncommented=True))
    assert settings.office() == Office()
    assert settings.telegram.proxy is not None


def test_the_example_shows_every_setting_and_no_other() -> None:
    tree = tomllib.loads(example(uncommented=True))
    shown = {
        *(f"{name}.{key}" for name, part in tree.items() if isinstance(part, dict) for key in part),
        *(f"office.titles.{key}" for key in tree["office"]["titles"]),
        *(f"branches.{key}" for branch in tree["branches"] for key in branch),
    } - {"office.titles"}
    assert shown == set(leaves(Settings))
    assert {"reminders", "summary", "web"} <= tree.keys()


def test_every_setting_says_what_to_write() -> None:
    def descriptions(model: type[BaseModel]) -> Iterator[str | None]:
        for field in fields(model).values():
            inner = section_of(field)
            if inner is None or inner is BranchSection:
                yield field.description
            if inner is not None:
                yield from descriptions(inner)

    wanted = {f"settings.want.{description}" for description in [*descriptions(Settings), "section"]}
    written_down = {
        str(message.id) for message in catalogue() if str(message.id).startswith("settings.want.")
    }
    assert wanted == written_down


def test_every_setting_has_its_variable(environment: pytest.MonkeyPatch) -> None:
    """What the example shows can as well be said in the environment."""
    tree = tomllib.loads(example(uncommented=True))
    parts = {
        f"{name}__{key}": value
        for name, part in tree.items()
        if name != "branches"
        for key, value in part.items()
    }
    titles = parts.pop("office__titles")
    parts |= {f"office__titles__{key}": value for key, value in titles.items()} | {
        "branches": tree["branches"]
    }
    for name, value in parts.items():
        environment.setenv(f"CHATVAN_{name.upper()}", value if isinstance(value, str) else json.dumps(value))
    assert {f"CHATVAN_{name.upper()}" for name in parts} == set(variables(Settings))
    assert load(None) == written(example(uncommented=True))
    FILE.unlink()
    assert load(None).office() == Office()
