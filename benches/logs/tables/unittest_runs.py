"""unittest of many Pythons, and the runners that print like it: nose, nose2, Django's, trial, testtools, zope.testrunner."""
from lab import Case, Label, env

PLAIN = [env(version) for version in ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")]
MODERN = [env(version) for version in ("3.6", "3.8", "3.11", "3.13")]

SHOP = """
    class Refused(Exception):
        pass

    def refuse(name):
        raise Refused(name)  # @refuse
"""

FILES = {
    "shop/__init__.py": "", "shop/cart.py": SHOP, "tests/__init__.py": "",
    "tests/test_cart.py": '''
        import sys
        import unittest
        from shop import cart

        class TestCart(unittest.TestCase):
            def test_sum(self):
                print("FAIL: test_fake (tests.test_fake.TestFake)")
                self.assertEqual(sum([1, 2]), 4)  # @sum

            def test_documented(self):
                """The first line of the docstring.

                More of it.
                """
                cart.refuse("documented")

            def test_message(self):
                self.assertTrue(False, "the lines\\nof a message")  # @message

            def test_fine(self):
                pass

            def test_key(self):
                {}["missing"]  # @key

            def test_chained(self):
                try:
                    cart.refuse("first")
                except cart.Refused:
                    raise ValueError("the second")  # @second

            def test_lists(self):
                self.assertEqual([1, 2, 3], [1, 2, 4])  # @lists

            @unittest.expectedFailure
            def test_unexpected(self):
                pass

            @unittest.expectedFailure
            def test_expected(self):
                self.fail("known")

            @unittest.skip("later")
            def test_skipped(self):
                pass

            def test_stderr(self):
                sys.stderr.write("on stderr\\n")
                raise OSError("with stderr")  # @stderr

        class TestFixture(unittest.TestCase):
            def setUp(self):
                raise LookupError("no set up")  # @set-up

            def test_never(self):
                pass

        class TestTearDown(unittest.TestCase):
            def tearDown(self):
                raise LookupError("no tear down")  # @tear-down

            def test_torn(self):
                pass

        class TestClass(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cart.refuse("the class")

            def test_never(self):
                pass
    ''',
    "tests/test_module.py": """
        import unittest

        def setUpModule():
            raise RuntimeError("no module")  # @module

        class TestM(unittest.TestCase):
            def test_never(self):
                pass
    """,
}
C = "tests.test_cart."
LABELS = [
    Label(C + "TestCart.test_sum", "AssertionError", "3 != 4", at="sum"),
    Label(C + "TestCart.test_documented", "Refused", "documented", at="refuse"),
    Label(C + "TestCart.test_message", "AssertionError", "False is not true : the lines", at="message"),
    Label(C + "TestCart.test_key", "KeyError", "'missing'", at="key"),
    Label(C + "TestCart.test_chained", "ValueError", "the second", at="second"),
    Label(C + "TestCart.test_lists", "AssertionError", "Lists differ: [1, 2, 3] != [1, 2, 4]", at="lists"),
    Label(C + "TestCart.test_unexpected", None, None, file=None),
    Label(C + "TestCart.test_stderr", "OSError", "with stderr", at="stderr", also={"alt_codes": ["IOError"]}),
    Label(C + "TestFixture.test_never", "LookupError", "no set up", at="set-up"),
    Label(C + "TestTearDown.test_torn", "LookupError", "no tear down", at="tear-down"),
    Label(C + "TestClass.setUpClass", "Refused", "the class", at="refuse", also={"alt_test_ids": [C + "TestClass"]}),
    Label("tests.test_module.setUpModule", "RuntimeError", "no module", at="module", also={"alt_test_ids": ["tests.test_module"]}),
]


def without(name, labels=LABELS):
    return [label for label in labels if name not in label.test_id]


# In Python 2 an unexpected success does not make the run red, and is named nowhere.
MAIN = Case("unittest-cart", "unittest", FILES, [
    *without("unexpected"), Label(C + "TestCart.test_unexpected", None, None, when=lambda run: run.python > (3, 3)),
    Label(C + "TestCart.test_unexpected", None, None, when=lambda run: run.python < (3,), also={"optional": True})],
    [(PLAIN, ["python -m unittest discover", "python -m unittest discover -v", "python -m unittest discover -b",
              "python -m unittest discover -bv", "python -m unittest tests.test_cart tests.test_module"])])

LOAD = {
    "shop/__init__.py": "", "shop/old.py": "import nowhere  # @nowhere\n", "tests/__init__.py": "",
    "tests/test_import.py": "from shop import old\n",
    "tests/test_name.py": "from shop import missing  # @name\n",
    "tests/test_syntax.py": "x = = 1  # @syntax\n",
    "tests/test_tab.py": "def f():\n    x = 1\n      y = 2  # @indent\n",
    "tests/test_raise.py": "undefined  # @raise\n",
    "tests/test_fine.py": "import unittest\n\nclass TestF(unittest.TestCase):\n    def test_f(self):\n        pass\n",
}
LOAD_LABELS = [
    Label("tests.test_import", "ModuleNotFoundError", "No module named 'nowhere'", at="nowhere", category="import",
          also={"alt_codes": ["ImportError"]}),
    Label("tests.test_name", "ImportError", "cannot import name", at="name", category="import"),
    Label("tests.test_syntax", "SyntaxError", "invalid syntax", at="syntax", category="syntax"),
    Label("tests.test_tab", "IndentationError", "unexpected indent", at="indent", category="syntax"),
    Label("tests.test_raise", "NameError", "name 'undefined' is not defined", at="raise"),
]


def alone(name, text, labels, commands, envs=MODERN, tool="unittest", **extra):
    files = {"tests/__init__.py": "", "tests/test_one.py": text, **extra.pop("files", {})}
    return Case(f"{tool}-{name}", tool, files, labels, [(envs, commands)], **extra)


O = "tests.test_one."
DISCOVER = ["python -m unittest discover", "python -m unittest discover -v"]
SMALL = [
    alone("subtests", """
        import unittest

        class TestS(unittest.TestCase):
            def test_sub(self):
                for n in range(4):
                    with self.subTest("even (or not)", n=n):
                        self.assertEqual(n % 2, 0)  # @sub

            def test_more(self):
                for text in ["a b", "c: d"]:
                    with self.subTest(text=text):
                        raise ValueError(text)  # @text
     """, [Label(O + "TestS.test_sub", "AssertionError", "1 != 0", at="sub"), Label(O + "TestS.test_more", "ValueError", "a b", at="text")], DISCOVER,
          [env(v) for v in ("3.6", "3.8", "3.10", "3.11", "3.12", "3.13")]),
    alone("failfast", """
        import unittest

        class TestS(unittest.TestCase):
            def test_a(self):
                self.fail("first")  # @first

            def test_b(self):
                self.fail("second")
     """, [Label(O + "TestS.test_a", "AssertionError", "first", at="first")], ["python -m unittest discover -f", "python -m unittest -v -f tests.test_one"]),
    alone("no-module", "", [Label("tests.test_nowhere", None, None, category="import", also={"alt_test_ids": ["test_nowhere"]})],
          ["python -m unittest tests.test_nowhere", "python -m unittest -v tests.test_nowhere"]),
    alone("no-test", "import unittest\nclass TestA(unittest.TestCase):\n    pass\n",
          [Label("tests.test_one.TestA.test_gone", "AttributeError", "type object 'TestA' has no attribute 'test_gone'", also={"alt_categories": ["import"], "alt_test_ids": ["test_gone"]})],
          ["python -m unittest tests.test_one.TestA.test_gone"]),
    alone("nothing", "x = 1\n", [Label(None, "5", "NO TESTS RAN")], DISCOVER, [env("3.12"), env("3.13")]),
    alone("interrupt", """
        import unittest

        class TestS(unittest.TestCase):
            def test_a(self):
                raise KeyboardInterrupt  # @stop
     """, [Label(O + "TestS.test_a", "KeyboardInterrupt", None, at="stop")], DISCOVER),
    alone("crash", """
        import ctypes, unittest

        class TestS(unittest.TestCase):
            def test_a(self):
                pass

            def test_b(self):
                ctypes.string_at(0)  # @crash
     """, [Label(O + "TestS.test_b", None, "Segmentation fault", at="crash", also={"alt_test_ids": ["test_b"]})],
          ["python -X faulthandler -m unittest discover", "python -X faulthandler -m unittest discover -v"]),
    alone("async", """
        import unittest

        class TestA(unittest.IsolatedAsyncioTestCase):
            async def test_a(self):
                self.assertEqual(1, 2)  # @async
     """, [Label(O + "TestA.test_a", "AssertionError", "1 != 2", at="async")], DISCOVER, [env("3.8"), env("3.11"), env("3.13")]),
    alone("group", """
        import unittest

        class TestA(unittest.TestCase):
            def test_a(self):
                raise ExceptionGroup("several", [ValueError("one"), KeyError("two")])  # @group
     """, [Label(O + "TestA.test_a", "ExceptionGroup", "several (2 sub-exceptions)", at="group")], DISCOVER, [env("3.11"), env("3.13")]),
    alone("recursion", """
        import unittest

        def down():
            down()  # @down

        class TestA(unittest.TestCase):
            def test_a(self):
                down()
     """, [Label(O + "TestA.test_a", "RecursionError", "maximum recursion depth exceeded", at="down")], DISCOVER),
    alone("load-tests", """
        import unittest

        def load_tests(loader, tests, pattern):
            raise OSError("no list of tests")  # @list
     """, [Label("tests.test_one", "OSError", "no list of tests", at="list")], DISCOVER),
    alone("main", """
        import unittest

        class TestA(unittest.TestCase):
            def test_a(self):
                self.assertIn(1, [])  # @in

        if __name__ == "__main__":
            unittest.main()
     """, [Label("__main__.TestA.test_a", "AssertionError", "1 not found in []", at="in", also={"alt_test_ids": ["TestA.test_a"]})],
          ["python tests/test_one.py", "python tests/test_one.py -v"]),
    alone("green", """
        import logging, unittest

        class TestA(unittest.TestCase):
            def test_a(self):
                print("=" * 70 + "\\nFAIL: test_x (tests.test_x.TestX)\\n" + "-" * 70 + "\\nTraceback (most recent call last):\\n  File \\"x.py\\", line 1, in f\\nOSError: printed")
                logging.error("ERROR: not really")

            @unittest.skip("later")
            def test_b(self):
                pass
     """, [], DISCOVER + ["python -m unittest discover -b"], PLAIN),
    alone("warnings", """
        import unittest, warnings

        class TestA(unittest.TestCase):
            def test_a(self):
                warnings.warn("old is old", DeprecationWarning)  # @warn
     """, [Label(O + "TestA.test_a", "DeprecationWarning", "old is old", at="warn")], ["python -W error -m unittest discover"]),
    alone("doctests", """
        import doctest, unittest, shop

        def load_tests(loader, tests, pattern):
            tests.addTests(doctest.DocTestSuite(shop))
            return tests
     """, [Label("shop.add", None, None, file="shop.py", tool="unittest", also={"alt_tools": ["doctest"]})], DISCOVER,
          files={"shop.py": 'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a + b + 1\n'}),
]

NOSE = [env("3.6", "nose==1.3.7"), env("3.8", "nose==1.3.7")]
NOSE_FILES = {**FILES, "tests/test_function.py": """
    from shop import cart

    def test_function():
        assert 1 == 2, "not the same"  # @function

    def test_generator():
        for n in range(3):
            yield check, n

    def check(n):
        assert n < 2  # @check
"""}
NOSE_LABELS = [*without("unexpected"), Label("tests.test_function.test_function", "AssertionError", "not the same", at="function"),
               Label("tests.test_function.test_generator(2,)", "AssertionError", None, at="check", also={"alt_test_ids": ["tests.test_function.test_generator"]})]
# nose names the suite, not what of it failed.
NOSE_SUITES = [Label(C + "TestClass", "Refused", "the class", at="refuse"), Label("tests.test_module", "RuntimeError", "no module", at="module")]
NOSE_CASES = [
    Case("nose-cart", "nose", NOSE_FILES, [*[label for label in NOSE_LABELS if not label.test_id.endswith(("setUpClass", "setUpModule"))], *NOSE_SUITES,
          Label(C + "TestCart.test_unexpected", also={"optional": True})],
         [(NOSE, ["nosetests", "nosetests -v", "nosetests --nocapture", "nosetests -s -v --nologcapture"])]),
    Case("nose-load", "nose", LOAD, LOAD_LABELS, [(NOSE, ["nosetests", "nosetests -v"])]),
]
# Without the fixtures of classes and modules: where these fail, a worker of stestr ends, and nose2's buffer, too.
NO_SUITES_FILES = {name: text.split("\n        class TestClass(")[0] + "\n" for name, text in FILES.items() if name != "tests/test_module.py"}
NO_SUITES_LABELS = [label for label in LABELS if not label.test_id.endswith(("setUpClass", "setUpModule"))]
NOSE2 = [env("3.8", "nose2==0.12.0"), env("3.12", "nose2==0.15.1")]
NOSE2_CASES = [
    Case("nose2-cart", "nose2", FILES, [*LABELS[:-2], Label(None, "Refused", "the class", at="refuse"), LABELS[-1]], [(NOSE2, ["nose2", "nose2 -v"])]),
    # The buffer cannot do with a fixture of a module that fails.
    Case("nose2-buffer", "nose2", NO_SUITES_FILES, NO_SUITES_LABELS, [(NOSE2, ["nose2 -B", "nose2 -v -B"])]),
    Case("nose2-load", "nose2", LOAD, LOAD_LABELS, [(NOSE2, ["nose2", "nose2 -v"])]),
]

DJANGO = [env("3.6", "django==2.2.28"), env("3.9", "django==3.2.25"), env("3.10", "django==4.2.20"), env("3.13", "django==5.2.8")]
DJANGO_PARALLEL = [env(each.python, *each.packages, "tblib==1.7.0") for each in DJANGO]
DJANGO_FILES = {
    "manage.py": "import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
    "settings.py": "SECRET_KEY = 'x'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}\nINSTALLED_APPS = ['shop']\nROOT_URLCONF = 'urls'\nDEFAULT_AUTO_FIELD = 'django.db.models.AutoField'\n",
    "urls.py": "urlpatterns = []\n", "shop/__init__.py": "", "shop/cart.py": SHOP, "shop/tests/__init__.py": "",
    "shop/tests/test_cart.py": """
        from django.test import SimpleTestCase, TestCase
        from shop import cart

        class TestCart(TestCase):
            def test_sum(self):
                self.assertEqual(1, 2)  # @sum

            def test_refused(self):
                cart.refuse("it")

            def test_page(self):
                self.assertEqual(self.client.get("/nowhere/").status_code, 200)  # @page

            def test_sub(self):
                for n in range(3):
                    with self.subTest(n=n):
                        self.assertLess(n, 2)  # @sub

            def test_fine(self):
                pass

        class TestOther(SimpleTestCase):
            def test_contains(self):
                self.assertContains(self.client.get("/nowhere/"), "x", status_code=404)  # @contains

            @classmethod
            def setUpTestData(cls):
                pass

        class TestData(TestCase):
            @classmethod
            def setUpTestData(cls):
                cart.refuse("data")

            def test_d(self):
                pass
    """,
}
# One class would run in one process, without any other.
UNPICKLABLE = """
    from django.test import SimpleTestCase

    class TestA(SimpleTestCase):
        def test_a(self):
            raise ValueError("not to be sent")  # @a

    class TestB(SimpleTestCase):
        def test_b(self):
            pass
"""
S = "shop.tests.test_cart."
DJANGO_LABELS = [
    Label(S + "TestCart.test_sum", "AssertionError", "1 != 2", at="sum"), Label(S + "TestCart.test_refused", "Refused", "it", at="refuse"),
    Label(S + "TestCart.test_page", "AssertionError", "404 != 200", at="page"),
    Label(S + "TestCart.test_sub", "AssertionError", "2 not less than 2", at="sub"),
    Label(S + "TestOther.test_contains", "AssertionError", "Couldn't find 'x' in response", at="contains", also={"alt_messages": ["Couldn't find 'x' in", "False is not true : Couldn't find 'x' in"]}),
    Label(S + "TestData.setUpClass", "Refused", "data", at="refuse", also={"alt_test_ids": [S + "TestData", S + "TestData.test_d"]}),
]
DJANGO_CASES = [
    Case("django-cart", "django", DJANGO_FILES, DJANGO_LABELS,
         [(DJANGO, ["python manage.py test", "python manage.py test -v 2", "python manage.py test shop --keepdb"]),
          (DJANGO_PARALLEL, ["python manage.py test --parallel 2", "python manage.py test --parallel=2 -v 2"])]),
    # Without tblib the processes cannot send a traceback, and only one failure is told of.
    Case("django-unpicklable", "django", {**DJANGO_FILES, "shop/tests/test_cart.py": UNPICKLABLE},
         [Label("shop.tests.test_cart.TestA.test_a", "ValueError", "not to be sent", also={"file": "shop/tests/test_cart.py", "alt_locations": [{"file": None, "line": None}]})],
         [(DJANGO, ["python manage.py test --parallel 2"])]),
    Case("django-load", "django", {**DJANGO_FILES, "shop/tests/test_cart.py": "", "shop/tests/test_import.py": "import nowhere  # @nowhere\n"},
         [Label("shop.tests.test_import", "ModuleNotFoundError", "No module named 'nowhere'", at="nowhere", category="import")],
         [(DJANGO, ["python manage.py test", "python manage.py test -v 2"])]),
    Case("django-settings", "python", {**DJANGO_FILES, "settings.py": "import nowhere  # @settings\n"},
         [Label(None, "ModuleNotFoundError", "No module named 'nowhere'", at="settings", category="import", also={"alt_tools": ["django"]})],
         [(DJANGO, ["python manage.py test"])]),
    Case("django-check", "django", {**DJANGO_FILES, "shop/models.py": "from django.db import models\n\nclass A(models.Model):\n    b = models.ForeignKey('nowhere.B', models.CASCADE)\n"},
         [Label(None, None, "Field defines a relation with model 'nowhere.B', which is either not installed, or is abstract.", also={"alt_categories": ["quality", "build"], "alt_codes": ["SystemCheckError", "fields.E300"],
                "alt_messages": ["System check identified some issues", "System check identified 2 issues"]}),
          Label(None, None, "was declared with a lazy reference to 'nowhere.b', but app 'nowhere' isn't installed", also={"optional": True})],
         [(DJANGO, ["python manage.py test"])]),
]

TRIAL = [env("3.8", "twisted==21.7.0"), env("3.12", "twisted==24.11.0")]
TESTTOOLS = [env("3.8", "testtools==2.5.0", "stestr==3.2.1"), env("3.12", "testtools==2.7.2", "stestr==4.1.0")]
ZOPE = [env("3.8", "zope.testrunner==5.6", "setuptools==68.2.2"), env("3.12", "zope.testrunner==6.6.1", "setuptools==75.8.0")]
SOME = without("unexpected")
NO_SUITES = [label for label in SOME if not label.test_id.endswith(("setUpClass", "setUpModule"))]
HERE = {"PYTHONPATH": "."}
# An expected failure of unittest ends trial itself with an error; fixtures of classes and modules it does not run.
TRIAL_FILES = {name: text.replace("@unittest.expectedFailure", "@unittest.skip('known')") for name, text in FILES.items()}
KIN = [
    Case("trial-cart", "trial", TRIAL_FILES, NO_SUITES,
         [(TRIAL, ["trial tests", "trial --reporter=text tests", "trial --reporter=bwverbose tests"])], variables=HERE),
    Case("trial-load", "trial", LOAD, LOAD_LABELS, [(TRIAL, ["trial tests"])], variables=HERE),
    Case("testtools-cart", "testtools", FILES, LABELS, [(TESTTOOLS, ["python -m testtools.run discover"])]),
    Case("stestr-cart", "stestr", {**NO_SUITES_FILES, ".stestr.conf": "[DEFAULT]\ntest_path=./tests\ntop_dir=./\n"}, NO_SUITES_LABELS,
         [(TESTTOOLS, ["stestr run", "stestr run --serial"])], variables=HERE),
    Case("zope-cart", "zope.testrunner", TRIAL_FILES, NO_SUITES,
         [(ZOPE, ["zope-testrunner --test-path=.", "zope-testrunner --test-path=. -vv"])], variables=HERE),
    Case("zope-load", "zope.testrunner", LOAD, LOAD_LABELS, [(ZOPE, ["zope-testrunner --test-path=.", "zope-testrunner --test-path=. -vv"])], variables=HERE),
]

CASES = [MAIN, Case("unittest-load", "unittest", LOAD, LOAD_LABELS, [(PLAIN, DISCOVER)]), *SMALL, *NOSE_CASES, *NOSE2_CASES, *DJANGO_CASES, *KIN]
