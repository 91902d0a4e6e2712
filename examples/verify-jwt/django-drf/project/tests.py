import json
import os
import urllib.request

from django.contrib.auth import get_user_model
from rest_framework.test import APITestCase

with urllib.request.urlopen(f"{os.environ['DESK']}/tokens") as answer:
    TOKENS = json.load(answer)


class WhoAmI(APITestCase):
    def whoami(self, authorization=None):
        headers = {"Authorization": authorization} if authorization is not None else {}
        return self.client.get("/whoami", headers=headers)

    def test_a_good_token_is_its_user_each_time(self):
        for name, token in TOKENS["accepted"].items():
            with self.subTest(name):
                answer = self.whoami(f"Bearer {token}")
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.data["id"], TOKENS["subject"])
        self.assertEqual(get_user_model().objects.count(), 1)

    def test_any_other_token_is_refused_and_makes_no_user(self):
        for name, token in TOKENS["refused"].items():
            with self.subTest(name):
                answer = self.whoami(f"Bearer {token}")
                self.assertEqual(answer.status_code, 401)
                self.assertEqual(answer["WWW-Authenticate"], "Bearer")
        self.assertEqual(get_user_model().objects.count(), 0)

    def test_who_shows_no_token_is_asked_for_one(self):
        for authorization in [None, "", "Basic YWRhOmFkYQ=="]:
            self.assertEqual(self.whoami(authorization).status_code, 401)

    def test_a_user_who_was_switched_off_stays_out(self):
        get_user_model().objects.create(username=TOKENS["subject"], is_active=False)
        answer = self.whoami(f"Bearer {TOKENS['accepted']['good']}")
        self.assertEqual(answer.status_code, 401)
