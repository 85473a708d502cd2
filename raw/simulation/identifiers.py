"""Invented contact details, paradata and free text, as real exports carry them. Nobody is behind any of it.

E-mail addresses end in the reserved domain ``example.org``, phone numbers have an area code that does not exist, IP
addresses lie in the blocks reserved for documentation (RFC 5737). Every value is unique where a real one would be.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulation import draw

FIRST_F = ("Анна", "Мария", "Елена", "Ольга", "Дарья", "Ксения", "Полина", "Алиса", "Вера", "Юлия", "Татьяна", "Софья")
FIRST_M = ("Алексей", "Дмитрий", "Иван", "Сергей", "Михаил", "Никита", "Артём", "Павел", "Егор", "Кирилл", "Глеб", "Роман")
LAST = (
    "Соколов",
    "Лебедев",
    "Новиков",
    "Волков",
    "Зайцев",
    "Орлов",
    "Беляев",
    "Киселёв",
    "Громов",
    "Тихонов",
    "Ершов",
    "Журавлёв",
)
LATIN = (
    "sokolov",
    "lebedev",
    "novikov",
    "volkov",
    "zaytsev",
    "orlov",
    "belyaev",
    "kiselev",
    "gromov",
    "tikhonov",
    "ershov",
    "zhuravlev",
)
TOWNS = ("Тбилиси", "Белград", "Ереван", "Стамбул", "Берлин", "Алматы", "Хайфа", "Нови-Сад", "Батуми", "Анталья")
EMPLOYERS = ("школе № 57", "банке на Невском", "студии «Полдень»", "больнице № 4", "музее на Остоженке", "институте на Ленинском")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.{1}.{2} Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_{0} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E{2}",
    "Mozilla/5.0 (Linux; Android 12; SM-G99{0}B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.{2} Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 12.{0}; rv:{1}.0) Gecko/20100101 Firefox/{1}.{2}",
)
COMMENTS = (
    "Спасибо за опрос! Я работала в {employer}, ушла в марте. Пишите мне: {email}",
    "Мы с мужем, {first} {last}ым, живём в городе {town}, двое детей.",
    "My name is {first} {latin}, you can reach me at {telegram} in {town}.",
    "В анкете не хватает вопроса про банки: мне закрыли счёт, телефон для связи {phone}",
    "Брат остался, его вызывали в военкомат. Прошу не публиковать. {first} {last}",
    "I left with my cat. Nobody in {town} speaks English, so I learn the language with a neighbour.",
    "Хочу участвовать дальше, мой ник {telegram}",
    "",
)
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def tokens(seed: int, name: str, n: int, prefix: str) -> list[str]:
    """``n`` different codes that say nothing, such as ``R-7K2M9XPQ``."""
    random = draw.stream(seed, f"token/{name}")
    found: dict[str, None] = {}
    while len(found) < n:
        letters = random.integers(0, len(ALPHABET), 8)
        found.setdefault(prefix + "".join(ALPHABET[at] for at in letters))
    return list(found)


class Invented:
    """Identifiers of ``n`` rows. Each method gives one text a row; the same method gives the same texts again."""

    def __init__(self, seed: int, name: str, n: int) -> None:
        self.seed, self.name, self.n = seed, name, n

    def _pick(self, purpose: str, choices: Sequence[str]) -> list[str]:
        return draw.pick(self.seed, f"{self.name}/{purpose}", self.n, choices)

    def _numbers(self, purpose: str, low: int, high: int) -> list[int]:
        return [int(at) for at in draw.stream(self.seed, f"{self.name}/{purpose}").integers(low, high, self.n)]

    def _some(self, purpose: str, percent: int, texts: list[str]) -> list[str]:
        kept = self._numbers(f"{purpose}/some", 0, 100)
        return [text if chance < percent else "" for text, chance in zip(texts, kept, strict=True)]

    def first_name(self) -> list[str]:
        return self._pick("first", FIRST_F + FIRST_M)

    def last_name(self) -> list[str]:
        return self._pick("last", LAST)

    def email(self) -> list[str]:
        names, numbers = self._pick("mail", LATIN), self._numbers("mail/number", 10, 99)
        return [f"{name}.{at}{number}@mail.example.org" for at, (name, number) in enumerate(zip(names, numbers, strict=True))]

    def email_some(self) -> list[str]:
        return self._some("mail", 30, self.email())

    def telegram(self) -> list[str]:
        names, numbers = self._pick("handle", LATIN), self._numbers("handle/number", 100, 999)
        return [f"@{name}_{at}x{number}" for at, (name, number) in enumerate(zip(names, numbers, strict=True))]

    def handle(self) -> list[str]:
        """E-mail, Telegram handle, or nothing."""
        which = self._numbers("handle/which", 0, 10)
        both = zip(self.email(), self.telegram(), which, strict=True)
        return [mail if at < 3 else handle if at < 6 else "" for mail, handle, at in both]

    def phone(self) -> list[str]:
        numbers = self._numbers("phone", 0, 10_000_000)
        return self._some("phone", 40, [f"+7 000 {n // 10_000:03d}-{n // 100 % 100:02d}-{n % 100:02d}" for n in numbers])

    def ip(self) -> list[str]:
        blocks, hosts = self._pick("ip", ("192.0.2", "198.51.100", "203.0.113")), self._numbers("ip/host", 1, 255)
        return [f"{block}.{host}" for block, host in zip(blocks, hosts, strict=True)]

    def latitude(self) -> list[str]:
        return [f"{at / 10_000:.4f}" for at in self._numbers("latitude", 320_000, 600_000)]

    def longitude(self) -> list[str]:
        return [f"{at / 10_000:.4f}" for at in self._numbers("longitude", 130_000, 770_000)]

    def browser(self) -> list[str]:
        return self._pick("browser", ("Chrome", "Safari iPhone", "Firefox", "Edge"))

    def user_agent(self) -> list[str]:
        patterns = self._pick("agent", AGENTS)
        numbers = zip(
            self._numbers("agent/a", 1, 16), self._numbers("agent/b", 90, 118), self._numbers("agent/c", 100, 5999), strict=True
        )
        return [pattern.format(*three) for pattern, three in zip(patterns, numbers, strict=True)]

    def referrer(self) -> list[str]:
        return self._some("referrer", 20, [f"https://chat.example.org/c/{at}" for at in self._numbers("referrer", 1000, 9999)])

    def response_id(self) -> list[str]:
        return tokens(self.seed, f"{self.name}/response", self.n, "R_")

    def seed_number(self) -> list[str]:
        return [str(at) for at in self._numbers("seed", 10_000_000, 99_999_999)]

    def other_job(self) -> list[str]:
        """Free text of an answer "other"; the caller keeps it where that was chosen."""
        return [f"работаю в {place}" for place in self._pick("job", EMPLOYERS)]

    def feedback(self) -> list[str]:
        parts = zip(
            self._pick("comment", COMMENTS),
            self.first_name(),
            self.last_name(),
            self._pick("latin", LATIN),
            self._pick("town", TOWNS),
            self._pick("employer", EMPLOYERS),
            self.email(),
            self.telegram(),
            self.phone(),
            strict=True,
        )
        names = ("first", "last", "latin", "town", "employer", "email", "telegram", "phone")
        return self._some("comment", 25, [text.format(**dict(zip(names, rest, strict=True))) for text, *rest in parts])

    def transcript(self) -> list[str]:
        towns, names = self._pick("transcript/town", TOWNS), self.first_name()
        return [f"— {name}, расскажите, как Вы оказались в городе {town}?" for name, town in zip(names, towns, strict=True)]
