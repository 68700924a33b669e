"""The names of the settings in the environment."""

from __future__ import annotations

#: name → what it is; docs/settings.md holds the same list, and a test compares them.
NAMES = {
    "SANBAN_DATA_DIR": "where everything is kept",
    "SANBAN_BIND": "address and port of the web server",
    "SANBAN_PUBLIC_URL": "the address residents reach, for links on tickets",
    "SANBAN_REDIS_URL": "a Redis or Valkey server of your own",
    "SANBAN_STORE_COPIES": "replicas that must have a move before it is answered",
    "SANBAN_JOBS_URL": "another one for the job queues",
    "SANBAN_ARCHIVE_URL": "the database of the archive",
    "SANBAN_SECRET_KEY": "the key of the installation",
    "SANBAN_KEY_RING": "the file of the keys that wrap people's keys",
    "SANBAN_BACKUP_DAYS": "days that backups are kept",
    "SANBAN_WEB_WORKERS": "web processes",
    "SANBAN_METRICS_BIND": "address and port for Prometheus",
    "SANBAN_BACKUP_DIR": "where backups are put by themselves",
    "SANBAN_BACKUP_HOURS": "hours from one to the next",
    "SANBAN_SESSION_IDLE_MINUTES": "minutes after which a session that is not used ends",
    "SANBAN_SESSION_HOURS": "hours after which a session ends",
    "SANBAN_TRUSTED_PROXIES": "addresses whose X-Forwarded-For is believed",
    "SANBAN_LIMITS": "how often somebody may ask",
    "SANBAN_SMS_URL": "the SMS gateway",
    "SANBAN_SMS_TOKEN": "its password, for {token} in the hall's file",
    "SANBAN_SMTP_URL": "the mail server",
    "SANBAN_WEBHOOK_URL": "the message centre that is told of notices",
    "SANBAN_WEBHOOK_KEY": "the key that signs what it is told",
    "SANBAN_WEBHOOK_NETWORKS": "networks of your own that webhooks may reach",
    "SANBAN_OPENID_ISSUER": "the sign-in service of the organisation",
    "SANBAN_OPENID_CLIENT": "how it knows us",
    "SANBAN_OPENID_SECRET": "our password there",
    "SANBAN_OPENID_CLAIM": "what of an identity is the id of a member of staff",
    "SANBAN_OPENID_ONLY": "whether nobody signs in with a password",
    "SANBAN_SECOND_FACTOR": "roles that need a second factor",
}
#: may also come as NAME_FILE, because other processes can read the environment of a process
SECRETS = (
    "SANBAN_SECRET_KEY",
    "SANBAN_REDIS_URL",
    "SANBAN_JOBS_URL",
    "SANBAN_ARCHIVE_URL",
    "SANBAN_SMS_URL",
    "SANBAN_SMS_TOKEN",
    "SANBAN_SMTP_URL",
    "SANBAN_WEBHOOK_URL",
    "SANBAN_WEBHOOK_KEY",
    "SANBAN_OPENID_SECRET",
)
