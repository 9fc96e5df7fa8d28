"""Python itself: scripts that end with a traceback, modules that do not compile, doctest alone.

Where nothing but the exit code tells that a run failed, or passed, the form is one that has it.
"""
from lab import Case, Label, env

OLD_AND_NEW = [env(version) for version in ("2.7", "3.6", "3.8", "3.10", "3.11", "3.12", "3.13")]
THREE = OLD_AND_NEW[1:]
LATE = [env("3.11"), env("3.13")]


def script(name, text, label, command="python tool.py", envs=THREE, form=None, **files):
    return Case(f"python-{name}", "python", {"tool.py": text, **{key.replace("__", "/") + ".py": value for key, value in files.items()}},
                [label], [(envs, [command])], form)


CASES = [
    script("plain", "import lib\n\ndef main():\n    lib.work()\n\nmain()\n", Label(None, "ValueError", "no work today", at="work"),
           envs=OLD_AND_NEW, lib="def work():\n    raise ValueError('no work today')  # @work\n"),
    script("import", "import lib\n", Label(None, "ModuleNotFoundError", "No module named 'nowhere'", at="nowhere", category="import"),
           lib="import nowhere.deep  # @nowhere\n"),
    script("cycle", "import one\n", Label(None, "ImportError", "cannot import name 'b' from", at="b", category="import", also={"alt_messages": ["cannot import name 'b'"]}),
           one="from two import a\nb = 1\n", two="from one import b  # @b\na = 1\n"),
    script("syntax", "x = = 1  # @x\n", Label(None, "SyntaxError", "invalid syntax", at="x", category="syntax"), envs=OLD_AND_NEW),
    script("syntax-inner", "import lib\n", Label(None, "SyntaxError", None, at="x", category="syntax"), lib="def f(:  # @x\n    pass\n"),
    script("indent", "def f():\n    x = 1\n      y = 2  # @y\n", Label(None, "IndentationError", "unexpected indent", at="y", category="syntax"), envs=OLD_AND_NEW),
    script("tab", "if True:\n\tx = 1\n        y = 2  # @y\n", Label(None, "TabError", "inconsistent use of tabs and spaces in indentation", at="y", category="syntax")),
    script("print", "print 'x'  # @p\n", Label(None, "SyntaxError", "Missing parentheses in call to 'print'", at="p", category="syntax")),
    script("chained", "import lib\n\ntry:\n    {}['a']\nexcept KeyError as error:\n    lib.fail(error)\n", Label(None, "RuntimeError", "the second", at="second"),
           lib="def fail(error):\n    raise RuntimeError('the second') from error  # @second\n"),
    script("during", "import lib\n\ntry:\n    {}['a']\nexcept KeyError:\n    lib.fail()\n", Label(None, "RuntimeError", "the second", at="second"),
           lib="def fail():\n    raise RuntimeError('the second')  # @second\n"),
    script("recursion", "def f():\n    return f()  # @f\n\nf()\n", Label(None, "RecursionError", "maximum recursion depth exceeded", at="f")),
    script("mutual", "def f():\n    return g()\n\ndef g():\n    return f()\n\nf()\n", Label(None, "RecursionError", "maximum recursion depth exceeded", file="tool.py")),
    script("group", "def f():\n    raise ExceptionGroup('several', [ValueError('one'), ExceptionGroup('inner', [KeyError('two')])])  # @f\n\nf()\n",
           Label(None, "ExceptionGroup", "several (2 sub-exceptions)", at="f"), envs=LATE),
    script("group-cause", "try:\n    raise ExceptionGroup('several', [ValueError('one')])\nexcept ExceptionGroup as group:\n    raise RuntimeError('after all') from group  # @f\n",
           Label(None, "RuntimeError", "after all", at="f"), envs=LATE),
    script("taskgroup", "import asyncio\n\nasync def bad():\n    raise OSError('in a task')\n\nasync def main():\n    async with asyncio.TaskGroup() as group:  # @group\n        group.create_task(bad())\n\nasyncio.run(main())\n",
           Label(None, "ExceptionGroup", "unhandled errors in a TaskGroup (1 sub-exception)", file="tool.py"), envs=LATE),
    script("notes", "error = ValueError('noted')\nerror.add_note('KeyError: not me')\nerror.add_note('two')\nraise error  # @note\n", Label(None, "ValueError", "noted", at="note"), envs=LATE),
    script("multiline", "raise ValueError('first\\nsecond: x\\n\\nthird')  # @m\n", Label(None, "ValueError", "first", at="m")),
    script("empty", "raise ValueError  # @m\n", Label(None, "ValueError", None, at="m")),
    script("own-class", "import lib\nlib.f()\n", Label(None, "Oops", "dotted", at="m"), lib="class Oops(Exception):\n    pass\n\ndef f():\n    raise Oops('dotted')  # @m\n"),
    script("anchors", "def f(a, b):\n    return (a /\n            b)  # @over\n\nprint(f(1,\n    0))\n", Label(None, "ZeroDivisionError", None, file="tool.py")),
    script("exit-text", "import sys\nsys.exit('the tool is not well')\n", Label(None, "1", "the tool is not well", also={"alt_categories": ["infrastructure", "build"]}), form="gha-raw"),
    script("assert", "assert 1 == 2, 'not equal'  # @a\n", Label(None, "AssertionError", "not equal", at="a"), envs=OLD_AND_NEW),
    script("thread", "import threading\n\ndef f():\n    raise ValueError('in a thread')\n\nt = threading.Thread(target=f)\nt.start()\nt.join()\nraise SystemError('in main')  # @m\n",
           Label(None, "SystemError", "in main", at="m")),
    script("del", "class A:\n    def __del__(self):\n        raise KeyError('ignored')\n\nA()\nraise OSError('not ignored')  # @m\n", Label(None, "OSError", "not ignored", at="m")),
    script("logged", "import logging\ntry:\n    1 / 0\nexcept Exception:\n    logging.exception('survived')\nraise OSError('not survived')  # @m\n", Label(None, "OSError", "not survived", at="m")),
    script("no-module", "", Label(None, None, "No module named nowhere", category="import", also={"alt_codes": ["ModuleNotFoundError", "ImportError"]}), "python -m nowhere"),
    script("no-file", "", Label(None, None, "can't open file", category="test", also={"alt_categories": ["infrastructure", "build"], "alt_codes": ["2", "FileNotFoundError"]}), "python nowhere.py"),
    script("module", "", Label(None, "ValueError", "as a module", at="m"), "python -m pack.tool", pack____init__="", pack__tool="raise ValueError('as a module')  # @m\n"),
    script("command", "", Label(None, "ZeroDivisionError", "division by zero"), "python -c 'print(1)\n1/0'"),
    script("compileall", "x = = 1  # @x\n", Label(None, "SyntaxError", "invalid syntax", at="x", category="syntax"), "python -m compileall -q .", envs=OLD_AND_NEW),
    script("py-compile", "x = = 1  # @x\n", Label(None, "SyntaxError", "invalid syntax", at="x", category="syntax"), "python -m py_compile tool.py"),
    script("warning", "import warnings\nwarnings.warn('old is old', DeprecationWarning)  # @w\n", Label(None, "DeprecationWarning", "old is old", at="w"), "python -W error tool.py"),
    script("segfault", "import ctypes\n\ndef f():\n    ctypes.string_at(0)  # @f\n\nf()\n", Label(None, None, "Segmentation fault", at="f", also={"alt_codes": ["139", "SIGSEGV"]}), "python -X faulthandler tool.py"),
    script("stdin", "", Label(None, "ZeroDivisionError", "division by zero"), "echo '1/0' | python -"),
    script("json", "import json\njson.loads('{')  # @j\n", Label(None, "JSONDecodeError", "Expecting property name enclosed in double quotes", at="j")),
    script("subprocess", "import subprocess, sys\nsubprocess.run([sys.executable, 'lib.py'], check=True)  # @s\n", Label(None, "OSError", "the inner", at="inner",
           also={"alt_codes": ["CalledProcessError"], "alt_locations": [{"file": "tool.py", "line": 2}]}), lib="raise OSError('the inner')  # @inner\n"),
    Case("python-green", "python", {"tool.py": "import traceback\ntry:\n    1 / 0\nexcept Exception:\n    traceback.print_exc()\nprint('done')\n"}, [], [(THREE, ["python tool.py"])],
         form="gha-raw"),
    Case("doctest-alone", "doctest", {
        "shop.py": '''
            def add(a, b):
                """Adds.

                >>> add(1, 2)
                3
                >>> add(2, 2)
                4
                """
                return a + b + 1

            class Cart:
                def total(self):
                    """
                    >>> Cart().total()
                    10
                    """
                    raise LookupError("no total")  # @total

                def fine(self):
                    """
                    >>> 1 + 1
                    2
                    """
        ''', "README.rst": "Title\n=====\n\n>>> 1 + 1\n3\n"},
         [Label("shop.add", None, "Expected: 3 Got: 4", file="shop.py", line=5 - 1, also={"alt_messages": ["3", "4"]}),
          Label("shop.add", None, "Expected: 4 Got: 5", file="shop.py", line=7 - 1, also={"optional": True}),
          Label("shop.Cart.total", "LookupError", "no total", file="shop.py", line=14, also={"alt_locations": [{"file": "shop.py", "line": 17}]}),
          Label("README.rst", None, "Expected: 3 Got: 2", file="README.rst", line=4)],
         [(THREE, ["python -m doctest shop.py README.rst", "python -m doctest -v shop.py README.rst"])]),
]
