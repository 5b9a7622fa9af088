"""A stand-in Telegram: it speaks the Bot API over HTTP, and tests or people hold the phones."""
