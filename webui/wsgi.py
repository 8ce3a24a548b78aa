"""What gunicorn serves: `webui.wsgi:application`."""

import os

from webui.app import create_app
from webui.shell.settings import Settings

application = create_app(Settings.from_environment(os.environ))
