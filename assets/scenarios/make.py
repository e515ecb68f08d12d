"""Writes the constructed examples of the gallery beside this file: python3 make.py

Each is a construction whose numbers follow from what its description says, not from training. Only Python's own
library is used, and a generator written out below, so that the same files come out everywhere. The files are kept:
building and testing need no Python. tests/app/session/gallery_test.cpp checks what the descriptions claim.
"""

import json
import math
import pathlib

here = pathlib.Path(__file__).parent


class Random:
    """A linear congruential generator (Knuth's MMIX constants); its top bits only."""

    def __init__(self, seed):
        self.state = seed

    def bit(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 63

    def signs(self, n):
        return [1 if self.bit() else -1 for _ in range(n)]


def number(value):
    value = round(value, 4)
    return str(int(value)) if value == int(value) else f"{value:g}"


def matrix(rows, indent="  "):
    lines = [f"{indent}  [{', '.join(number(v) for v in row)}]" for row in rows]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"


def text(value):
    return json.dumps(value, ensure_ascii=False)


def write(name, title, description, tokens, x, attention, features=None, source=None, weights=None):
    parts = ['  "format": "attention-scenario"', '  "version": 1', f'  "title": {text(title)}',
             f'  "description": {text(description)}', f'  "tokens": {text(tokens)}']
    if features:
        parts.append(f'  "feature_names": {text(features)}')
    parts.append(f'  "x": {matrix(x)}')
    if source:
        parts.append(f'  "source": {{"tokens": {text(source[0])}, "x": {matrix(source[1])}}}')
    parts.append(f'  "attention": {text(attention)}')
    if weights:
        rows = [f'    "{key}": {matrix(value, "    ") if isinstance(value[0], list) else "[" + ", ".join(number(v) for v in value) + "]"}'
                for key, value in weights.items()]
        parts.append('  "weights": {\n' + ",\n".join(rows) + "\n  }")
    (here / f"{name}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def zeros(rows, columns):
    return [[0.0] * columns for _ in range(rows)]


def one_hot(i, n, value=1.0):
    return [value if c == i else 0.0 for c in range(n)]


def wide():
    """Scores of random vectors of ones and minus ones grow like √d: without the scale softmax is saturated."""
    random = Random(512)
    write("wide",
          {"en": "512 dimensions", "zh": "512 维"},
          {"en": "Random vectors of ones and minus ones. Their scores are of size √512 ≈ 23, so nearly all attention goes "
                 "to one key. Divide by √d and it spreads.",
           "zh": "分量为 1 和 −1 的随机向量。得分大小约为 √512 ≈ 23，注意力几乎全给了一个键；除以 √d 后就分散开来。"},
          [f"q{i + 1}" for i in range(6)], [random.signs(512) for _ in range(6)],
          {"heads": 1, "score": "dot", "scale": "none"},
          source=([f"k{i + 1}" for i in range(8)], [random.signs(512) for _ in range(8)]))


def translation():
    """Every word asks for its meaning; the source answers in another order."""
    features = ["person", "liking", "colour", "animal"]
    target = [("I", 0), ("like", 1), ("red", 2), ("cats", 3)]
    other = [("j'", 0), ("aime", 1), ("les", None), ("chats", 3), ("rouges", 2)]

    def row(meaning):
        return one_hot(meaning, 4, 3.0) if meaning is not None else [0.5] * 4

    write("translation",
          {"en": "Translation, word to word", "zh": "翻译：词对词"},
          {"en": "Cross-attention: each English word asks, the French words answer. Both meet in their meaning, so red "
                 "and cats find their words in the other order.",
           "zh": "交叉注意力：英文词提问，法文词回答。两边凭词义相遇，所以 red 和 cats 在相反的次序里找到对应的词。"},
          [t for t, _ in target], [row(m) for _, m in target], {"heads": 1, "score": "dot", "scale": "sqrt_dk"},
          features=features, source=([t for t, _ in other], [row(m) for _, m in other]))


def pronoun():
    features = ["living", "thing", "place", "action", "state", "pronoun"]
    sentence = [("The", {}), ("cat", {"living": 2}), ("left", {"action": 2}), ("the", {}), ("box", {"thing": 2}),
                ("because", {}), ("it", {"pronoun": 2}), ("was", {"action": 0.5}), ("hungry", {"state": 2})]
    x = [[values.get(f, 0.0) for f in features] for _, values in sentence]
    w_q = zeros(6, 2)
    w_q[5] = [4.0, -2.0]  # a pronoun asks for the living, not for things
    w_k = zeros(6, 2)
    w_k[0] = [1.0, 0.0]
    w_k[1] = [0.0, 1.0]
    write("pronoun",
          {"en": "One head: a pronoun looks for a living thing", "zh": "一个头：代词寻找有生命的东西"},
          {"en": "The parameters are written by hand: W_Q turns “pronoun” into the wish for a living thing, W_K shows who is one: it looks at the cat, not at "
                 "the box. Words that wish for nothing look everywhere alike.",
           "zh": "参数是手写的：W_Q 把“代词”变成对有生命之物的寻找，W_K 表明谁是有生命的：it 看向 cat 而不是 box。没有所求的词均匀地看所有词。"},
          [t for t, _ in sentence], x, {"heads": 1, "score": "dot", "scale": "sqrt_dk"}, features=features,
          weights={"w_q": w_q, "w_k": w_k})


ADDRESS = """Four score and seven years ago our fathers brought forth on this continent , a new nation , conceived in
Liberty , and dedicated to the proposition that all men are created equal . Now we are engaged in a great civil war ,
testing whether that nation , or any nation so conceived and so dedicated , can long endure . We are met on a great
battle-field of that war . We have come to dedicate a portion of that field , as a final resting place for those who
here gave their lives that that nation might live . It is altogether fitting and proper that we should do this . But ,
in a larger sense , we can not dedicate , we can not consecrate , we can not hallow this ground . The brave men , living
and dead , who struggled here , have consecrated it , far above our poor power to add or detract . The world will little
note , nor long remember what we say here , but it can never forget what they did here . It is for us the living ,
rather , to be dedicated here to the unfinished work which they who fought here have thus far so nobly advanced .""".split()


def rotation(columns, d, by):
    """W_Q that turns position p of the sinusoidal encoding into position p + by, on the first `columns` columns."""
    w = zeros(columns, columns)
    for c in range(columns // 2):
        angle = by * 10000 ** (-2 * c / d)
        # (sin p, cos p) · W = (sin(p + by), cos(p + by))
        w[2 * c][2 * c], w[2 * c + 1][2 * c] = math.cos(angle), math.sin(angle)
        w[2 * c][2 * c + 1], w[2 * c + 1][2 * c + 1] = -math.sin(angle), math.cos(angle)
    return w


def long_text():
    """Two heads over a long text: the word before, by the positions; the same word, by a code of each word."""
    d, place, code = 48, 16, 32
    random = Random(1863)
    codes = {}
    x = []
    for token in ADDRESS:
        key = token.lower()
        if key not in codes:
            codes[key] = random.signs(code)
        x.append([0] * place + [2 * s for s in codes[key]])
    w_q, w_k = zeros(d, 2 * code), zeros(d, 2 * code)
    turn = rotation(place, d, -1)
    for r in range(place):
        for c in range(place):
            w_q[r][c] = 60 * turn[r][c]
        w_k[r][r] = 1
    for c in range(code):
        w_q[place + c][code + c] = 2
        w_k[place + c][code + c] = 1
    write("long_text",
          {"en": "A long text, two heads", "zh": "长文本，两个头"},
          {"en": f"The beginning of the Gettysburg Address, {len(ADDRESS)} tokens. Head 1 looks at the word before, by the "
                 "positions; head 2 at the same word earlier, by a code of each word.",
           "zh": f"葛底斯堡演说的开头，{len(ADDRESS)} 个词。第 1 个头凭位置看前一个词；第 2 个头凭每个词的编码看前面相同的词。"},
          ADDRESS, x, {"heads": 2, "score": "dot", "scale": "sqrt_dk", "position": "sinusoidal", "mask": {"causal": True}},
          weights={"w_q": w_q, "w_k": w_k})


def sinks():
    features = ["start", "noun", "verb", "always"]
    words = [("<s>", 3, 0, 0), ("rain", 0, 1, 0), ("falls", 0, 0, 1), ("on", 0, 0, 0), ("the", 0, 0, 0), ("roof", 0, 1, 0),
             ("and", 0, 0, 0), ("wakes", 0, 0, 1), ("the", 0, 0, 0), ("dog", 0, 1, 0)]
    x = [[a, b, c, 1] for _, a, b, c in words]
    w_q = [[0, 0, 0], [0, 1, 0], [0, 0, 1], [2, 0, 0]]
    w_k = [[2, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 0]]
    w_v = [[0, 0], [1, 0], [0, 1], [0, 0]]
    write("sinks",
          {"en": "An attention sink", "zh": "注意力汇点"},
          {"en": "Softmax must put its 1 somewhere. A head that has nothing to say rests on the first token, whose value "
                 "is zero: much weight, no effect.",
           "zh": "softmax 总要把 1 分到某处。无话可说的头停在第一个词上，它的值为零：权重很大，却没有作用。"},
          [w[0] for w in words], x, {"heads": 1, "score": "dot", "scale": "sqrt_dk", "mask": {"causal": True}},
          features=features, weights={"w_q": w_q, "w_k": w_k, "w_v": w_v})


def local():
    words = "a river winds past old mills and under stone bridges down to the sea".split()
    random = Random(14)
    x = [[v * 0.8 for v in random.signs(4)] for _ in words]
    write("local",
          {"en": "A local window", "zh": "局部窗口"},
          {"en": "Every word sees two words to each side and itself, no further: the cost grows with the length of the text, "
                 "not with its square.",
           "zh": "每个词只看见自己和左右各两个词：计算量随文本长度增长，而不是随其平方增长。"},
          words, x, {"heads": 2, "score": "dot", "scale": "sqrt_dk", "mask": {"window": 2}})


def padding():
    words = ["good", "night", ",", "moon", "<pad>", "<pad>", "<pad>"]
    x = [[1.2, 0.3, 0], [0.4, 1.5, 0], [0, 0, 0.3], [0.6, 1.1, 0], [0, 0, 2], [0, 0, 2], [0, 0, 2]]
    write("padding",
          {"en": "Padding is hidden", "zh": "隐藏填充"},
          {"en": "Texts of a batch are filled up to one length. The mask hides what was filled in from every word; without it "
                 "the filling would be listened to.",
           "zh": "一批文本要补到同样长。掩码把补上的部分对每个词都隐藏起来；没有掩码，填充也会被注意到。"},
          words, x,
          {"heads": 1, "score": "dot", "scale": "none", "mask": {"padding": [False] * 4 + [True] * 3}},
          features=["greeting", "night", "filling"])


def grouped():
    words = "six heads of wheat in two tall sheaves".split()
    random = Random(42)
    x = [[v * 0.9 for v in random.signs(4)] for _ in words]
    w_q = [random.signs(8) for _ in range(4)]
    w_k = [random.signs(4) for _ in range(4)]
    w_v = [random.signs(4) for _ in range(4)]
    write("grouped",
          {"en": "Grouped heads", "zh": "分组的头"},
          {"en": "Four query heads share two heads of keys and values: heads 1 and 2 ask the same keys, and so do heads 3 and 4. "
                 "Half the keys and values have to be kept.",
           "zh": "四个查询头共用两组键和值：第 1、2 个头问同样的键，第 3、4 个头也是。需要保存的键和值只有一半。"},
          words, x, {"heads": 4, "kv_heads": 2, "score": "dot", "scale": "sqrt_dk"},
          weights={"w_q": w_q, "w_k": w_k, "w_v": w_v})


def previous():
    words = "one by one the lamps along the quay are lit".split()
    d = 16
    x = [one_hot(0, d, 0.0) for _ in words]
    turn = rotation(d, d, -1)
    write("previous",
          {"en": "The word before", "zh": "前一个词"},
          {"en": "x is empty: there is nothing but sinusoidal positions. W_Q turns position p into p − 1, W_K leaves it, so each "
                 "word looks at the one before.",
           "zh": "x 是空的：只有正弦位置编码。W_Q 把位置 p 转成 p − 1，W_K 不变，于是每个词都看前一个词。"},
          words, x, {"heads": 1, "score": "dot", "scale": "sqrt_dk", "position": "sinusoidal", "mask": {"causal": True}},
          weights={"w_q": [[24 * v for v in row] for row in turn]})


def induction():
    words = "the owl saw the mouse and the owl".split()
    kinds = sorted(set(words), key=words.index)
    n = len(kinds)
    x = []
    for i, word in enumerate(words):
        before = one_hot(kinds.index(words[i - 1]), n) if i > 0 else [0.0] * n
        x.append(one_hot(kinds.index(word), n) + before)
    w_q, w_k, w_v = zeros(2 * n, n), zeros(2 * n, n), zeros(2 * n, n)
    for c in range(n):
        w_q[c][c] = 14  # this word …
        w_k[n + c][c] = 1  # … stood before which?
        w_v[c][c] = 1
    write("induction",
          {"en": "What came next last time? By hand", "zh": "上一次后面是什么？手写参数"},
          {"en": "Parameters to be read number by number. Each word also knows the word before it, which one layer alone cannot find out. W_Q asks with the word, W_K "
                 "answers with the word before: the last owl looks at saw.",
           "zh": "参数可以逐个数来读。每个词还知道自己的前一个词，这是单独一层做不到的。W_Q 用本词提问，W_K 用前一个词回答：最后的 owl 看向 saw。"},
          words, x, {"heads": 1, "score": "dot", "scale": "sqrt_dk", "mask": {"causal": True}},
          features=[k for k in kinds] + [f"after {k}" for k in kinds],
          weights={"w_q": w_q, "w_k": w_k, "w_v": w_v})


def image_patches():
    """A picture of a sun over the sea in 8 × 8 patches; each patch is its mean colour and its place."""
    side = 8
    sky, sun, sea, sand = (0.5, 0.7, 0.95), (1.0, 0.85, 0.3), (0.1, 0.35, 0.6), (0.9, 0.8, 0.6)
    tokens, x = [], []
    for r in range(side):
        for c in range(side):
            colour = sky if r < 4 else sea if r < 7 else sand
            if r in (1, 2) and c in (5, 6):
                colour = sun
            shade = 0.02 * ((r * 3 + c * 5) % 4 - 1.5)
            rgb = [v + shade for v in colour]
            place = [r / (side - 1), c / (side - 1)]
            tokens.append(f"{'abcdefgh'[r]}{c + 1}")
            x.append([*rgb, *place, sum(v * v for v in rgb), sum(v * v for v in place)])
    x = [[round(v, 4) for v in row] for row in x]
    # −s·|a − b|² = s·(2 a·b − |b|²) − s·|a|², and the last part is the same for every key.
    s_colour, s_place = 40, 60
    w_q, w_k = zeros(7, 8), zeros(7, 8)
    for c in range(3):
        w_q[c][c], w_k[c][c] = 2 * s_colour, 1
    w_k[5][3] = -s_colour
    for c in range(2):
        w_q[3 + c][4 + c], w_k[3 + c][4 + c] = 2 * s_place, 1
    w_k[6][6] = -s_place
    b_q = [0, 0, 0, 1, 0, 0, 1, 0]
    # What is handed on: the mean colour of what was looked at, once by each head.
    w_v = zeros(7, 6)
    for c in range(3):
        w_v[c][c] = w_v[c][3 + c] = 1
    write("image_patches",
          {"en": "Patches of a picture", "zh": "图像块"},
          {"en": "A sun over the sea in 8 × 8 patches, each its mean colour and place. Head 1 looks at patches of like "
                 "colour, head 2 at those nearby: scores are negative squared distances.",
           "zh": "海上的太阳，分成 8 × 8 个图像块，每块是平均颜色和位置。第 1 个头看颜色相近的块，第 2 个头看邻近的块：得分是距离平方的相反数。"},
          tokens, x, {"heads": 2, "score": "dot", "scale": "none"},
          features=["red", "green", "blue", "row", "column", "colour²", "place²"],
          weights={"w_q": w_q, "w_k": w_k, "w_v": w_v, "b_q": b_q})


for make in (wide, translation, pronoun, long_text, sinks, local, padding, grouped, previous, induction, image_patches):
    make()
