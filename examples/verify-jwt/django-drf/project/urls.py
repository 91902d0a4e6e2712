from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view()
def whoami(request):
    return Response({"id": request.user.username, "session": request.auth["sid"]})


urlpatterns = [path("whoami", whoami)]
