"""The WSGI entry point for gunicorn: `webui.wsgi:application`."""

import os

from webui.app import create_app
from webui.shell.settings import WebSettings

application = create_app(WebSettings.from_environment(os.environ))
