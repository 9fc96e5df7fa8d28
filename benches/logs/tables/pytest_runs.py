"""pytest, from version 5 to 9, in its option styles."""
from lab import Case, Label, env

P54 = env("3.7", "pytest==5.4.3", "pytest-xdist==1.34.0", "pytest-rerunfailures==9.1.1", "pytest-timeout==1.4.2")
P62 = env("3.6", "pytest==6.2.5", "pytest-xdist==2.5.0", "pytest-rerunfailures==10.3", "pytest-timeout==2.1.0")
P62_39 = env("3.9", "pytest==6.2.5", "pytest-xdist==3.5.0", "pytest-rerunfailures==11.1", "pytest-timeout==2.2.0")
P74 = env("3.8", "pytest==7.4.4", "pytest-xdist==3.5.0", "pytest-rerunfailures==13.0", "pytest-timeout==2.3.1")
P83 = env("3.11", "pytest==8.3.5", "pytest-xdist==3.6.1", "pytest-rerunfailures==15.0", "pytest-timeout==2.3.1")
P90 = env("3.13", "pytest==9.0.2", "pytest-xdist==3.8.0", "pytest-rerunfailures==16.1", "pytest-timeout==2.4.0")
BASIC = [P54, P62, P62_39, P74, P83, P90]
ENDS = [P54, P74, P90]
FOUR = [P54, P62_39, P83, P90]

CART = """
    import json

    class Refused(Exception):
        pass

    def total(prices):
        return sum(prices)

    def refuse(name):
        raise Refused(name)  # @refuse

    def load(text):
        return json.loads(text)  # @load

    def bare():
        raise Refused  # @bare

    def wrap(text):
        try:
            return int(text)
        except ValueError as error:
            raise Refused("cannot wrap") from error  # @wrap
"""

CART_TESTS = r'''
    import sys
    import pytest
    from shop import cart

    class TestCart:
        def test_sum(self):
            print("======== FAILURES ========")
            print("FAILED tests/test_fake.py::test_fake - boom")
            print("1 failed in 0.01s")
            assert cart.total([1, 2]) == 4  # @sum

        class TestInner:
            def test_deep(self):
                cart.load("{")

    def test_fine():
        assert cart.total([1]) == 1

    @pytest.mark.parametrize("name", ["a - b", "x[0]", "sp ace", "é", "a::b", "p/q.py"])
    def test_add(name):
        cart.refuse(name)

    def test_bare():
        cart.bare()

    def test_wrapped():
        cart.wrap("x")

    def test_did_not_raise():
        with pytest.raises(ValueError):  # @did-not-raise
            pass

    def test_fail_call():
        pytest.fail("not today")  # @fail-call

    def test_message():
        assert not cart.total([1]), "the first line\nthe second line"  # @message

    def test_key():
        {}["missing"]  # @key

    @pytest.mark.xfail(strict=True, reason="it is known")
    def test_strict():
        pass

    @pytest.mark.xfail
    def test_known():
        assert 0

    @pytest.mark.skip(reason="later")
    def test_skipped():
        pass

    def test_stderr():
        print("Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n    y\nOSError: printed", file=sys.stderr)
        assert {"a": 1, "b": 2} == {"a": 1, "b": 3}  # @dict
'''
T = "tests/test_cart.py::"
# Before 6.2 the class of the exception is shortened nowhere; the id of a non-ASCII parameter is escaped everywhere.
CART_LABELS = [
    Label(T + "TestCart::test_sum", "AssertionError", "assert 3 == 4", at="sum"),
    Label(T + "TestCart::TestInner::test_deep", "JSONDecodeError",
          "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", at="load",
          also={"alt_locations": []}),
    *[Label(f"{T}test_add[{name}]", "Refused", None, at="refuse")
      for name in ("a - b", "x[0]", "sp ace", "\\xe9", "a::b", "p/q.py")],
    Label(T + "test_bare", "Refused", None, at="bare"),
    Label(T + "test_wrapped", "Refused", "cannot wrap", at="wrap"),
    Label(T + "test_did_not_raise", "Failed", "DID NOT RAISE", at="did-not-raise"),
    Label(T + "test_fail_call", "Failed", "not today", at="fail-call"),
    Label(T + "test_message", "AssertionError", "the first line", at="message"),
    Label(T + "test_key", "KeyError", "'missing'", at="key"),
    Label(T + "test_strict", None, "it is known", file="tests/test_cart.py"),
    Label(T + "test_stderr", "AssertionError", "{'a': 1, 'b': 2} == {'a': 1, 'b': 3}", at="dict"),
]
CART_FILES = {"shop/__init__.py": "", "shop/cart.py": CART, "tests/test_cart.py": CART_TESTS, "pytest.ini": """
    [pytest]
    addopts = -p no:cacheprovider
    testpaths = tests
"""}

STYLES = ["python -m pytest", "python -m pytest -q", "python -m pytest -qq", "python -m pytest -v", "python -m pytest --tb=short",
          "python -m pytest --tb=line", "python -m pytest --tb=native", "python -m pytest --tb=no", "python -m pytest --tb=long",
          "python -m pytest -rA", "python -m pytest -n2", "python -m pytest -n2 -v", "python -m pytest -vv --showlocals",
          "python -m pytest -r N", "python -m pytest -s", "python -m pytest --color=yes -v", "python -m pytest --tb=short -q -rfE",
          "python -m pytest --tb=line -q -rN", "python -m pytest --tb=native -rN", "python -m pytest --full-trace",
          "COLUMNS=60 python -m pytest --tb=short", "python -m pytest --durations=3 -ra", "python -m pytest -v --tb=no -rN",
          "python -m pytest -n2 --dist loadfile -q", "python -m pytest --reruns 1", "python -m pytest --reruns 1 -v -rR",
          "python -m pytest -p no:warnings --assert=plain"]
NEWER = ["python -m pytest --no-summary", "python -m pytest --no-summary -v --tb=line", "python -m pytest --no-header -q",
         "python -m pytest --no-summary --tb=native", "python -m pytest --no-header --no-summary -q"]

ERRORS = {
    "shop/__init__.py": "", "shop/db.py": """
        def connect(url):
            raise OSError("no such database")  # @connect
    """,
    "tests/conftest.py": """
        import pytest
        from shop import db

        @pytest.fixture
        def base():
            return db.connect("x")

        @pytest.fixture
        def leaky():
            yield 1
            raise RuntimeError("cannot close")  # @leaky
    """,
    "tests/test_db.py": """
        import pytest

        def test_setup(base):
            pass

        def test_teardown(leaky):
            pass

        def test_both(leaky):
            assert leaky == 2  # @both

        def test_missing(nothing):  # @missing
            pass

        class TestClass:
            @classmethod
            def setup_class(cls):
                cls.x = 1 / 0  # @setup-class

            def test_one(self):
                pass

        class TestMethod:
            def setup_method(self, method):
                raise LookupError("method")  # @setup-method

            def test_two(self):
                pass
    """,
    "tests/test_module.py": """
        def setup_module(module):
            open("/nonexistent/file")  # @setup-module

        def test_three():
            pass

        def test_four():
            pass
    """,
}
D = "tests/test_db.py::"
ERROR_LABELS = [
    Label(D + "test_setup", "OSError", "no such database", at="connect"),
    Label(D + "test_teardown", "RuntimeError", "cannot close", at="leaky"),
    Label(D + "test_both", "AssertionError", "assert 1 == 2", at="both"),
    Label(D + "test_both", "RuntimeError", "cannot close", at="leaky"),
    Label(D + "test_missing", None, "fixture 'nothing' not found", at="missing"),
    Label(D + "TestClass::test_one", "ZeroDivisionError", "division by zero", at="setup-class"),
    Label(D + "TestMethod::test_two", "LookupError", "method", at="setup-method"),
    Label("tests/test_module.py::test_three", "FileNotFoundError", "[Errno 2] No such file or directory: '/nonexistent/file'",
          at="setup-module"),
    Label("tests/test_module.py::test_four", "FileNotFoundError", "[Errno 2] No such file or directory: '/nonexistent/file'",
          at="setup-module"),
]
ERROR_STYLES = ["python -m pytest", "python -m pytest -q --tb=short", "python -m pytest -v", "python -m pytest --tb=line",
                "python -m pytest --tb=native", "python -m pytest --tb=no", "python -m pytest -n2 -q", "python -m pytest -rN",
                "python -m pytest -n2 -v --tb=no", "python -m pytest -rN --tb=short -v", "python -m pytest --reruns 1"]

COLLECT = {
    "shop/__init__.py": "", "shop/old.py": """
        import nowhere  # @nowhere
    """,
    "shop/bad.py": """
        def f(:  # @bad
            pass
    """,
    "shop/names.py": "x = 1\n",
    "setup.cfg": "[tool:pytest]\naddopts = --strict-markers\n",
    "tests/a/__init__.py": "", "tests/__init__.py": "",
    "tests/a/test_import.py": "from shop import old\n",
    "tests/a/test_name.py": "from shop.names import y  # @name\n",
    "tests/a/test_syntax.py": "import shop.bad\n",
    "tests/a/test_own.py": "def test_x():\n    return (1,\n\nx = = 2  # @own\n",
    "tests/a/test_indent.py": "def test_x():\n    a = 1\n      b = 2  # @indent\n",
    "tests/a/test_raise.py": "raise_here = undefined  # @raise\n",
    "tests/a/test_mark.py": """
        import pytest

        @pytest.mark.unheard_of  # @mark
        def test_x():
            pass
    """,
    "tests/a/test_param.py": """
        import pytest

        @pytest.mark.parametrize("a, b", [(1, 2, 3)])
        def test_x(a, b):
            pass
    """,
    "tests/a/test_assert.py": "assert 1 == 2  # @assert\n",
    "tests/a/test_fine.py": "def test_x():\n    pass\n",
}
A = "tests/a/"
COLLECT_LABELS = [
    Label(A + "test_import.py", "ModuleNotFoundError", "No module named 'nowhere'", at="nowhere", category="import"),
    Label(A + "test_name.py", "ImportError", "cannot import name 'y'", at="name", category="import"),
    Label(A + "test_syntax.py", "SyntaxError", "invalid syntax", at="bad", category="syntax"),
    Label(A + "test_own.py", "SyntaxError", None, file=A + "test_own.py", category="syntax"),
    Label(A + "test_indent.py", "IndentationError", "unexpected indent", at="indent", category="syntax"),
    Label(A + "test_raise.py", "NameError", "name 'undefined' is not defined", at="raise"),
    Label(A + "test_mark.py", "Failed", "'unheard_of' not found in `markers` configuration option", at="mark",
          when=lambda run: run.tool_version("pytest") < (9,)),
    Label(A + "test_param.py", None, "must be equal to the number", file=A + "test_param.py",
          also={"alt_test_ids": [A + "test_param.py::test_x"]}),
    Label(A + "test_assert.py", "AssertionError", "assert 1 == 2", at="assert"),
]
COLLECT_STYLES = ["python -m pytest", "python -m pytest -q", "python -m pytest --tb=short", "python -m pytest --tb=native",
                  "python -m pytest --tb=line", "python -m pytest --tb=no", "python -m pytest -n2", "python -m pytest -v -rN",
                  "python -m pytest --continue-on-collection-errors", "python -m pytest --collect-only -q"]


def alone(name, text, labels, commands, envs=ENDS, **extra):
    """A project of one test file."""
    files = {"tests/test_one.py": text, **extra.pop("files", {})}
    return Case(f"pytest-{name}", "pytest", files, labels, [(envs, commands)], **extra)


O = "tests/test_one.py::"
FEW = ["python -m pytest", "python -m pytest -v", "python -m pytest -q --tb=short"]
XDIST = ["python -m pytest -n2", "python -m pytest -n2 -v", "python -m pytest -n1 -q --tb=short"]

STOPS = [
    alone("maxfail", """
        import pytest
        @pytest.mark.parametrize("n", range(5))
        def test_n(n):
            assert n == 9  # @n
     """, [Label(f"{O}test_n[{n}]", "AssertionError", f"assert {n} == 9", at="n", when=lambda run, n=n: n == 0 or "=2" in run.command)
           for n in (0, 1)], ["python -m pytest -x", "python -m pytest --maxfail=2 -q", "python -m pytest -xv --tb=line"], ENDS),
    alone("interrupt", """
        def test_fine():
            pass
        def test_wait():
            raise KeyboardInterrupt  # @wait
     """, [Label(O + "test_wait", "KeyboardInterrupt", None, at="wait")], FEW + ["python -m pytest -v --full-trace"]),
    alone("exit", """
        import pytest
        def test_fine():
            pass
        def test_exit():
            pytest.exit("enough of it", returncode=7)  # @exit
     """, [Label(O + "test_exit", "Exit", "enough of it", at="exit")], FEW),
    alone("segfault", """
        import ctypes
        def test_fine():
            pass
        def test_crash():
            ctypes.string_at(0)  # @crash
     """, [Label(O + "test_crash", None, "Segmentation fault", at="crash")],
          ["python -m pytest", "python -m pytest -v", "python -m pytest -q", "python -m pytest -p no:faulthandler -v"], ENDS),
    alone("abort", """
        import os
        class TestA:
            def test_fine(self):
                pass
            def test_crash(self):
                os.abort()  # @crash
     """, [Label(O + "TestA::test_crash", None, "Aborted", at="crash")], ["python -m pytest", "python -m pytest -v"]),
    alone("os-exit", """
        import os
        def test_fine():
            pass
        def test_gone():
            os._exit(3)
     """, [Label(O + "test_gone", "3", None, file="tests/test_one.py")], ["python -m pytest -v"], form="gha-raw"),
    alone("worker-crash", """
        import os, pytest
        @pytest.mark.parametrize("n", range(6))
        def test_n(n):
            pass
        def test_gone():
            os._exit(1)
        def test_bad():
            assert 1 == 2  # @bad
     """, [Label(O + "test_gone", None, "crashed while running 'tests/test_one.py::test_gone'", file="tests/test_one.py"),
           Label(O + "test_bad", "AssertionError", "assert 1 == 2", at="bad")], XDIST, ENDS),
    alone("worker-segfault", """
        import ctypes
        def test_fine():
            pass
        def test_crash():
            ctypes.string_at(0)
     """, [Label(O + "test_crash", None, "crashed while running 'tests/test_one.py::test_crash'", file="tests/test_one.py")], XDIST, [P74, P90]),
    alone("timeout", """
        import time
        def test_fine():
            pass
        def test_slow():
            print("about to sleep")
            time.sleep(30)  # @slow
     """, [Label(O + "test_slow", None, "Timeout", at="slow")],
          ["python -m pytest --timeout=3", "python -m pytest --timeout=3 -v", "python -m pytest --timeout=3 --timeout-method=thread",
           "python -m pytest --timeout=3 --timeout-method=thread -v", "python -m pytest --timeout=3 --timeout-method=thread -v -s",
           "python -m pytest --timeout=3 -q --tb=short", "python -m pytest --timeout=3 -n2"], ENDS),
    alone("faulthandler-timeout", """
        import time
        def test_slow():
            time.sleep(2.5)
            assert 1 == 2  # @slow
     """, [Label(O + "test_slow", "AssertionError", "assert 1 == 2", at="slow")],
          ["python -m pytest -o faulthandler_timeout=1", "python -m pytest -v -o faulthandler_timeout=1"], [P54, P90]),
    alone("nothing", "def helper():\n    pass\n", [Label(None, "5", "no tests ran")],
          ["python -m pytest", "python -m pytest -q", "python -m pytest -n2", "python -m pytest -v tests"], ENDS),
    alone("deselected", "def test_x():\n    pass\n", [Label(None, "5", "deselected", also={"alt_messages": ["no tests ran"]})],
          ["python -m pytest -k nothing", "python -m pytest -q -k nothing"]),
    alone("no-file", "def test_x():\n    pass\n", [Label(None, "UsageError", "file or directory not found: nowhere.py")],
          ["python -m pytest nowhere.py", "python -m pytest -q nowhere.py"], ENDS),
    alone("no-test", "def test_x():\n    pass\n", [Label(None, "UsageError", "not found: ")],
          ["python -m pytest tests/test_one.py::test_y"], ENDS),
    alone("no-option", "def test_x():\n    pass\n", [Label(None, "UsageError", "unrecognized arguments: --nonsense")],
          ["python -m pytest --nonsense", "pytest --nonsense"], ENDS),
    alone("no-config", "def test_x():\n    pass\n", [Label(None, "UsageError", "unexpected line: 'nonsense'")],
          ["python -m pytest"], ENDS, files={"pytest.ini": "nonsense\n"}),
    alone("no-plugin", "def test_x():\n    pass\n",
          [Label(None, "ModuleNotFoundError", "No module named 'pytest_nowhere'", category="import",
                 also={"alt_codes": ["ImportError"], "alt_messages": ["Error importing plugin \"pytest_nowhere\": No module named 'pytest_nowhere'"]})],
          ["python -m pytest -p pytest_nowhere"], ENDS),
    alone("strict-config", "def test_x():\n    pass\n", [Label(None, "UsageError", "Unknown config ini key: nonsense",
                                                               also={"alt_messages": ["Unknown config option: nonsense"]})],
          ["python -m pytest --strict-config"], [P74, P90], files={"pytest.ini": "[pytest]\nnonsense = 1\n"}),
    alone("min-version", "def test_x():\n    pass\n", [Label(None, "UsageError", "requires pytest-99")],
          ["python -m pytest"], ENDS, files={"pytest.ini": "[pytest]\nminversion = 99\n"}),
    alone("conftest", "def test_x():\n    pass\n",
          [Label("tests/conftest.py", "ModuleNotFoundError", "No module named 'nowhere'", at="nowhere", category="import")],
          FEW + ["python -m pytest --tb=native"], ENDS,
          files={"tests/conftest.py": "import helper_a\n", "helper_a.py": "import nowhere  # @nowhere\n"}),
    alone("conftest-syntax", "def test_x():\n    pass\n",
          [Label("conftest.py", "SyntaxError", "invalid syntax", at="bad", category="syntax")], FEW, ENDS,
          files={"conftest.py": "x = = 1  # @bad\n"}),
    alone("conftest-sub", "def test_x():\n    pass\n",
          [Label("tests/unit/conftest.py", "NameError", "name 'nowhere' is not defined", at="bad",
                 also={"alt_test_ids": ["tests/unit", "test session"]})], FEW, ENDS,
          files={"tests/unit/conftest.py": "nowhere  # @bad\n", "tests/unit/test_two.py": "def test_y():\n    pass\n"}),
    alone("internal", "def test_x():\n    pass\n",
          [Label(None, "RuntimeError", "the plugin is broken", at="plugin")], FEW, ENDS,
          files={"conftest.py": "def pytest_runtest_logreport(report):\n    raise RuntimeError('the plugin is broken')  # @plugin\n"}),
    alone("internal-collect", "def test_x():\n    pass\n",
          [Label(None, "KeyError", "'nothing'", at="plugin")], FEW, ENDS,
          files={"conftest.py": "def pytest_collection_modifyitems(items):\n    {}['nothing']  # @plugin\n"}),
    alone("hook", "def test_x():\n    pass\n",
          [Label(None, "ValueError", "no configuration", at="plugin")], FEW, ENDS,
          files={"conftest.py": "def pytest_configure(config):\n    raise ValueError('no configuration')  # @plugin\n"}),
    alone("unknown-hook", "def test_x():\n    pass\n", [Label(None, "PluginValidationError", "unknown hook 'pytest_nonsense'")],
          FEW[:1], ENDS, files={"conftest.py": "def pytest_nonsense():\n    pass\n"}),
    alone("usage-hook", "def test_x():\n    pass\n", [Label(None, "UsageError", "give a database", also={"alt_codes": ["4"]})], FEW, ENDS,
          form="gha-raw",
          files={"conftest.py": "import pytest\ndef pytest_configure(config):\n    raise pytest.UsageError('give a database')\n"}),
    alone("mismatch", "def test_x():\n    pass\n",
          [Label("tests/b/test_same.py", None, "import file mismatch", file="tests/b/test_same.py", category="import", also={"alt_categories": ["test"]})],
          FEW + ["python -m pytest --tb=native"], ENDS,
          files={"tests/a/test_same.py": "def test_y():\n    pass\n", "tests/b/test_same.py": "def test_z():\n    pass\n"}),
]

OTHERS = [
    alone("warnings-as-errors", """
        import warnings
        import shop_old

        def test_w():
            shop_old.old()
     """, [Label(O + "test_w", "DeprecationWarning", "old is old", at="old")], [
         "python -m pytest -W error", "python -m pytest -W error --tb=short -q", "python -m pytest -W error::DeprecationWarning -v"], ENDS,
          files={"shop_old.py": "import warnings\n\ndef old():\n    warnings.warn('old is old', DeprecationWarning)  # @old\n", "conftest.py": ""}),
    alone("warnings-at-import", "import shop_old\n\ndef test_w():\n    pass\n",
          [Label("tests/test_one.py", "DeprecationWarning", "the module is old", at="old")], ["python -m pytest -W error", "python -m pytest -W error --tb=short"],
          files={"shop_old.py": "import warnings\nwarnings.warn('the module is old', DeprecationWarning)  # @old\n", "conftest.py": ""}),
    alone("unraisable", """
        import pytest

        class Bad:
            def __del__(self):
                raise ValueError("in del")  # @del

        def test_del():
            bad = Bad()
            del bad
     """, [Label(O + "test_del", "PytestUnraisableExceptionWarning", "Exception ignored in", file="tests/test_one.py",
                 also={"alt_codes": ["ValueError"], "alt_messages": ["in del"]})],
          ["python -m pytest -W error::pytest.PytestUnraisableExceptionWarning", "python -m pytest -W error -q --tb=short"], [P74, P90]),
    alone("thread", """
        import threading

        def boom():
            raise ValueError("in thread")  # @thread

        def test_thread():
            thread = threading.Thread(target=boom)
            thread.start()
            thread.join()
     """, [Label(O + "test_thread", "PytestUnhandledThreadExceptionWarning", "Exception in thread", file="tests/test_one.py",
                 also={"alt_codes": ["ValueError"], "alt_messages": ["in thread"]})],
          ["python -m pytest -W error", "python -m pytest -W error -q --tb=short"], [P74, P90]),
    alone("group", """
        import sys, pytest

        def run():
            raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])  # @run

        def test_group():
            run()
     """, [Label(O + "test_group", "ExceptionGroup", "several (2 sub-exceptions)", at="run")],
          FEW + ["python -m pytest --tb=native", "python -m pytest --tb=line"], [P83, P90]),
    alone("recursion", """
        def down(n):
            return down(n + 1)  # @down

        def test_down():
            down(0)
     """, [Label(O + "test_down", "RecursionError", "maximum recursion depth exceeded", at="down")],
          FEW + ["python -m pytest --tb=native"], ENDS),
    alone("chain", """
        def f():
            raise KeyError("first")

        def g():
            try:
                f()
            except KeyError:
                raise ValueError("second")  # @second

        def test_chain():
            g()
     """, [Label(O + "test_chain", "ValueError", "second", at="second")], FEW + ["python -m pytest --tb=native", "python -m pytest --tb=line"], ENDS),
    alone("notes", """
        def test_note():
            error = ValueError("noted")
            error.add_note("a note: with a colon")
            raise error  # @note
     """, [Label(O + "test_note", "ValueError", "noted", at="note")], FEW + ["python -m pytest --tb=native"], [P83, P90]),
    alone("multiline", '''
        def test_lines():
            raise ValueError("""
        first line
        ValueError: second line
        """)

        def test_long():
            assert "x" * 300 == "y" * 300, "z" * 300

        def test_multi_call():
            assert dict(
                a=1,
            ) == dict(
                a=2,
            )
     ''', [Label(O + "test_lines", "ValueError", "first line", file="tests/test_one.py"), Label(O + "test_long", "AssertionError", None, file="tests/test_one.py"),
           Label(O + "test_multi_call", "AssertionError", "{'a': 1} == {'a': 2}", file="tests/test_one.py")],
          FEW + ["python -m pytest --tb=native", "python -m pytest --tb=line"], ENDS),
    alone("unittest-class", """
        import unittest

        class TestX(unittest.TestCase):
            def setUp(self):
                self.x = 1

            def test_equal(self):
                self.assertEqual(self.x, 2)  # @equal

            def test_error(self):
                raise LookupError("gone")  # @gone

            @unittest.expectedFailure
            def test_unexpected(self):
                pass

        class TestY(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                raise OSError("no class")  # @class

            def test_z(self):
                pass
     """, [Label(O + "TestX::test_equal", "AssertionError", "1 != 2", at="equal"), Label(O + "TestX::test_error", "LookupError", "gone", at="gone"),
           Label(O + "TestX::test_unexpected", None, "Unexpected success", file="tests/test_one.py"),
           Label(O + "TestY::test_z", "OSError", "no class", at="class")], FEW + ["python -m pytest --tb=native", "python -m pytest -rN"], ENDS),
    alone("doctest", "def test_x():\n    pass\n",
          [Label("shop.py::shop.add", None, "Expected: 3 Got: 4", file="shop.py", tool="doctest", also={"alt_tools": ["pytest"], "alt_messages": ["3", "4"]}),
           Label("shop.py::shop.fail", "ZeroDivisionError", "division by zero", file="shop.py", tool="doctest", also={"alt_tools": ["pytest"]}),
           Label("README.rst::README.rst", None, None, file="README.rst", tool="doctest", also={"alt_tools": ["pytest"]})],
          ["python -m pytest --doctest-modules --doctest-glob='*.rst' .", "python -m pytest --doctest-modules --doctest-glob='*.rst' -v .",
           "python -m pytest --doctest-modules --doctest-glob='*.rst' -q --tb=short .", "python -m pytest --doctest-modules --doctest-glob='*.rst' -rN .",
           "python -m pytest --doctest-modules --doctest-glob='*.rst' --doctest-continue-on-failure ."], ENDS,
          files={"shop.py": '''
              def add(a, b):
                  """
                  >>> add(1, 2)
                  3
                  """
                  return a + b + 1

              def fail():
                  """
                  >>> 1 / 0
                  1
                  """
          ''', "README.rst": "Title\n=====\n\n>>> 1 + 1\n3\n"}),
    alone("nested", """
        pytest_plugins = "pytester"

        def test_inner(pytester):
            pytester.makepyfile("def test_in():\\n    assert 0")
            result = pytester.runpytest()
            result.assert_outcomes(passed=1)  # @inner
     """, [Label(O + "test_inner", "AssertionError", None, at="inner")], FEW, [P74, P90]),
    alone("green", """
        import sys, warnings, pytest

        def test_fine():
            print("FAILED tests/test_x.py::test_y - boom")
            print("E   ValueError: x")
            warnings.warn("careful")

        @pytest.mark.xfail
        def test_known():
            assert 0

        @pytest.mark.skip
        def test_skipped():
            pass

        def test_log(caplog):
            import logging
            logging.error("Traceback (most recent call last):\\n  File 'x', line 3\\nOSError: logged")
     """, [], FEW + ["python -m pytest -s", "python -m pytest -rA", "python -m pytest -n2 -v", "python -m pytest -rP --tb=no"], ENDS),
    alone("flaky-green", """
        import pathlib

        def test_flaky():
            mark = pathlib.Path("mark")
            if not mark.exists():
                mark.touch()
                raise ValueError("the first time")
     """, [], ["python -m pytest --reruns 2", "python -m pytest --reruns 2 -v -rR"], ENDS),
]

CASES = [
    Case("pytest-cart", "pytest", CART_FILES, CART_LABELS, [(BASIC, STYLES), ([P62_39, P74, P83, P90], NEWER)]),
    Case("pytest-errors", "pytest", ERRORS, ERROR_LABELS, [(FOUR, ERROR_STYLES)]),
    Case("pytest-collect", "pytest", COLLECT, COLLECT_LABELS, [(FOUR, COLLECT_STYLES), (FOUR[1:], ["python -m pytest --import-mode=importlib"])]),
    *STOPS, *OTHERS,
]
