# Reads streams with expat, the parser of Prosody and, in fast_xml, of ejabberd. Each line of the
# input is a stream in hex; each line of the output what is in it, or "refused".
import pyexpat
import sys

XML = "http://www.w3.org/XML/1998/namespace"
SEPARATOR = "\x01"


def read(stream):
    parser = pyexpat.ParserCreate(None, SEPARATOR)
    parser.buffer_text = False
    if hasattr(parser, "SetReparseDeferralEnabled"):
        parser.SetReparseDeferralEnabled(False)
    opened = []
    root = []

    def start(name, attributes):
        kept = []
        for key, value in attributes.items():
            # The gateway has no use for attributes of other namespaces.
            if SEPARATOR not in key or key.startswith(XML + SEPARATOR):
                kept.append((key, value))
        opened.append([name, sorted(kept), [], []])

    def text(characters):
        # White space between stanzas means nothing.
        if len(opened) > 1:
            opened[-1][2].append(characters)

    def end(name):
        closed = opened.pop()
        tree = (closed[0], closed[1], "".join(closed[2]), closed[3])
        if opened:
            opened[-1][3].append(tree)
        else:
            root.append(repr(tree).replace("\n", "\\n"))

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    try:
        parser.Parse(stream, True)
    except pyexpat.ExpatError:
        pass  # behind the end of the stream anything may follow
    return root[0] if root else "refused"


for line in sys.stdin:
    found = read(bytes.fromhex(line.strip()))
    sys.stdout.write(found.encode("ascii", "backslashreplace").decode("ascii") + "\n")
