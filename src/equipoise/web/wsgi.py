"""The application for a WSGI server such as granian: `equipoise.web.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "equipoise.web.settings")

application = get_wsgi_application()

from equipoise.web.warming import warm_in_background  # noqa: E402 - Django has to be ready first

warm_in_background()
