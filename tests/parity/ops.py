"""Checks our operators against PyTorch: gradcheck, opcheck, the plain formulas, and their promises.

The request names the library; the answer maps each check to the list of its failures, with the
number of cases, so that a check without cases shows as well.
"""

import numpy as np
import torch
import torch.nn.functional as F
from exchange import answer, receive
from palabra_ops import linear_cross_entropy, load, ops, rms_norm, rotary, swiglu

GRADCHECK = {"eps": 1e-6, "atol": 1e-5, "rtol": 1e-3}
SHAPES = [(3, 5), (1, 7), (2, 1, 33), (4, 1), (1, 1), (0, 5), (5,), (2, 3, 64)]
ROTARY = [(2, 3, 5, 6), (1, 1, 1, 2), (1, 2, 7, 32), (0, 2, 3, 4), (2, 1, 4, 34)]
LINEAR = [((3, 5), 4), ((2, 2, 5), 7), ((1, 1), 1), ((7,), 3), ((0, 4), 3), ((2, 0), 3)]
HEADS = [((7,), 5, 11), ((2, 3), 4, 33), ((1,), 1, 2), ((0,), 3, 5), ((1, 1), 17, 129)]
ROUNDING = {torch.float64: 1e-12, torch.float32: 2e-6, torch.bfloat16: 2**-7, torch.float16: 2**-10}


def make(*shape, dtype=torch.float64, grad=True):
    return torch.randn(*shape, dtype=torch.float64).to(dtype).requires_grad_(grad)


def angles(shape, batched, dtype=torch.float64):
    batch, _, time, width = shape
    angle = torch.rand(*((batch,) if batched else ()), time, width // 2, dtype=torch.float64) * 7
    return angle.cos().to(dtype), angle.sin().to(dtype)


def labels(shape, classes):
    """Targets of which every third is ignored."""
    target = torch.randint(0, classes, shape)
    target.view(-1)[1::3] = -100
    return target


def rms_norm_cases(dtype=torch.float64, weights=("same",)):
    for shape in SHAPES:
        yield (make(*shape, dtype=dtype), None, 1e-5)
        for kind in weights:
            weight = make(shape[-1], dtype=dtype if kind == "same" else torch.float32)
            yield (make(*shape, dtype=dtype), weight, 1e-5)
    yield (make(6, 4, dtype=dtype).t(), make(6, dtype=dtype), 1e-5)


def rotary_cases(dtype=torch.float64, angle_dtype=torch.float64):
    for shape in ROTARY:
        for batched in (False, True):
            yield (make(*shape, dtype=dtype), *angles(shape, batched, angle_dtype))
    swapped = make(2, 5, 3, 6, dtype=dtype).transpose(1, 2)
    yield (swapped, *angles(swapped.shape, False, angle_dtype))
    strided = make(2, 3, 6, 5, dtype=dtype).transpose(2, 3)
    yield (strided, *angles(strided.shape, True, angle_dtype))


def swiglu_cases(dtype=torch.float64):
    for shape in [(1,), (3, 7), (2, 3, 130), (0, 4)]:
        yield make(*shape, dtype=dtype), make(*shape, dtype=dtype)
    yield make(5, 6, dtype=dtype).t(), make(6, 5, dtype=dtype)


def head_cases(dtype=torch.float64, weight_dtype=None):
    kinds = [(-100, 0.0, 0.0), (-100, 0.1, 0.0), (2, 0.0, 0.01), (-100, 0.3, 0.02)]
    for shape, width, classes in HEADS:
        for index, kind in enumerate(kinds):
            weight = make(classes, width, dtype=weight_dtype or dtype)
            bias = make(classes, dtype=weight_dtype or dtype) if index % 2 else None
            yield (make(*shape, width, dtype=dtype), weight, bias, labels_for(shape, classes, kind[0]), *kind)


def linear_cases(dtype=torch.float64):
    for shape, out in LINEAR:
        weight = make(out, shape[-1], dtype=dtype)
        yield (make(*shape, dtype=dtype), weight, None)
        yield (make(*shape, dtype=dtype), weight, make(out, dtype=dtype))
    yield (make(6, 4, dtype=dtype).t(), make(6, 8, dtype=dtype).t(), None)


def quantized_cases(dtype=torch.float64):
    """Weights in each short type; int8 with factors that differ by row."""
    for shape, out in LINEAR:
        for kind in (torch.bfloat16, torch.float16, torch.int8):
            x, bias = make(*shape, dtype=dtype), make(out, dtype=dtype)
            values = make(out, shape[-1], dtype=torch.float32).detach()
            weight = (values * 40).clamp(-127, 127).to(kind)
            scale = torch.rand(out) / 20 + 0.01 if kind == torch.int8 else None
            yield (x, weight, scale, None if kind == torch.float16 else bias)


def quantized_linear(x, weight, scale, bias):
    """The same over all the numbers of the weight."""
    numbers = weight.float() if scale is None else weight.float() * scale[:, None]
    return F.linear(x, numbers.to(x.dtype), None if bias is None else bias.to(x.dtype))


def quantized_slopes(cases):
    for x, weight, scale, _ in cases:
        yield (torch.randn(*x.shape[:-1], weight.shape[0], dtype=x.dtype), weight, scale)


def block_cases():
    """Blocks of each format, whose scales are finite."""
    for size, name in [(18, "Q4_0"), (24, "Q5_1"), (34, "Q8_0"), (84, "Q2_K"), (110, "Q3_K"), (144, "Q4_K"), (210, "Q6_K")]:
        for shape in [(3, 2 * size), (size,), (2, 0), (0, size)]:
            yield (torch.randint(0, 60, shape, dtype=torch.uint8), name)


def large_linear_cases(dtype):
    """So large that a product runs on the library for large ones."""
    yield from linear_cases(dtype)
    yield (make(130, 64, dtype=dtype), make(65, 64, dtype=dtype), make(65, dtype=dtype))
    yield (make(3, 50, 64, dtype=dtype), make(200, 64, dtype=dtype), None)


def labels_for(shape, classes, ignore_index):
    if ignore_index >= classes:
        return torch.zeros(shape, dtype=torch.int64)
    return labels(shape, classes) if ignore_index < 0 else torch.randint(0, classes, shape)


def dropout_cases(dtype=torch.float64):
    for shape in SHAPES:
        for p in (0.0, 0.3, 1.0):
            yield (make(*shape, dtype=dtype), p)


def attention_cases(dtype=torch.float64):
    """Documents of several lengths or none, shared key heads, and a row whose documents lie apart."""
    for heads, shared, scale in [(2, 2, None), (4, 2, 0.5), (3, 1, None)]:
        documents = torch.tensor([[0, 0, 0, 1, 1, 2], [3, 3, 3, 3, 3, 3], [1, 1, 0, 1, 2, 2]])
        q = make(3, heads, 6, 4, dtype=dtype)
        k, v = (make(3, shared, 6, 4, dtype=dtype) for _ in range(2))
        yield (q, k, v, documents, scale)
    swapped = [make(1, 3, 2, 4, dtype=dtype).transpose(1, 2) for _ in range(3)]
    yield (*swapped, torch.tensor([[7, 7, 8]]), None)
    strided = [make(1, 2, 4, 3, dtype=dtype).transpose(2, 3) for _ in range(3)]
    yield (*strided, torch.tensor([[0, 1, 1]]), None)
    yield (make(2, 4, 5, 3, dtype=dtype), *(make(2, 2, 5, 3, dtype=dtype) for _ in range(2)), None, None)


def long_attention_cases(dtype):
    """More queries than a block has, widths that fill no vector."""
    for time, width in [(24, 16), (61, 19), (130, 40), (257, 64)]:
        q = make(1, 4, time, width, dtype=dtype)
        k, v = (make(1, 2, time, width, dtype=dtype) for _ in range(2))
        yield (q, k, v, None, None)
        yield (q, k, v, (torch.arange(time) // 53).unsqueeze(0), 0.3)


def masked_attention(q, k, v, documents, scale):
    """The same by a mask over all pairs of tokens."""
    if documents is None:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale, enable_gqa=True)
    same = documents.unsqueeze(2) == documents.unsqueeze(1)
    mask = same.tril().unsqueeze(1)
    return F.scaled_dot_product_attention(q, k, v, mask, scale=scale, enable_gqa=True)


def exact_attention(q, k, v, documents, scale):
    return masked_attention(q.double(), k.double(), v.double(), documents, scale).to(q.dtype)


def attention_gradients(q, k, v, documents, scale):
    output, sums = ops.causal_attention(q, k, v, documents, scale)
    return (torch.randn_like(output), q, k, v, output, sums, documents, scale)


def seeded_dropout(x, p):
    return ops.dropout(x, p, torch.Generator().manual_seed(5))[0]


def first(function):
    return lambda *args: function(*args)[0]


def gradcheck(function, cases, double=False):
    def check(*args):
        torch.autograd.gradcheck(function, args, **GRADCHECK)
        if double:
            torch.autograd.gradgradcheck(function, args, **GRADCHECK)

    return check, cases


def opcheck(operator, cases, **options):
    return (lambda *args: torch.library.opcheck(operator, args, **options)), cases


def detached(cases, to_backward):
    return (to_backward(*[a.detach() if torch.is_tensor(a) else a for a in case]) for case in cases)


def gradients(output, args):
    wanted = [a for a in args if torch.is_tensor(a) and a.requires_grad]
    loss = (output.double() * torch.linspace(0.5, 1.5, output.numel(), dtype=torch.float64).view(output.shape)).sum()
    return torch.autograd.grad(loss, wanted)


def close(actual, expected, tolerance, floor=1e-3):
    """Of the dtype and shape expected, and within `tolerance` of the largest element or the floor."""
    assert actual.dtype == expected.dtype and actual.shape == expected.shape, (actual.dtype, expected.dtype)
    if actual.numel() == 0:
        return
    error = (actual.double() - expected.double()).abs().max()
    scale = expected.double().abs().max().clamp(min=floor)
    assert torch.isfinite(actual).all() and error <= tolerance * scale, f"error {error} of {scale}"


def formula(fast, slow, cases, tolerance):
    """Forward and backward."""

    def check(*args):
        actual, expected = fast(*args), slow(*args)
        close(actual, expected, tolerance)
        for ours, theirs in zip(gradients(actual, args), gradients(expected, args)):
            close(ours, theirs, tolerance)

    return check, cases


def wide(cases):
    return (case for case in cases if case[0].shape[-1] != 1)


def width_one(x, weight):
    """Of RMSNorm over one element: both gradients under `gradients`, exact, and the size of the terms they add up."""
    slope = torch.linspace(0.5, 1.5, x.numel(), dtype=torch.float64).to(x.dtype).double().view(x.shape)
    x, weight = x.detach().double(), weight.detach().double()
    inverse = torch.rsqrt(x.square() + 1e-5)
    exact = [slope * weight * 1e-5 * inverse**3, (slope * x * inverse).sum().view(1)]
    return exact, [(slope * weight * inverse).abs().max(), slope.sum()]


def cancellation(dtype):
    """
    Over one element RMSNorm gives nearly the sign of x, and its gradients are small differences of large terms. So their
    errors, against the exact values, count on the scale of a term: a few roundings, and over many draws no more than the
    plain formula's.
    """
    rounding = torch.finfo(dtype).eps

    def errors(function, x, weight):
        exact, terms = width_one(x, weight)
        found = gradients(function(x, weight, 1e-5), (x, weight))
        return [((a.double() - b).abs().max() / term).item() for a, b, term in zip(found, exact, terms)]

    def check(*shape):
        draws = [(make(*shape, dtype=dtype), make(1, dtype=dtype)) for _ in range(200)]
        ours, theirs = (torch.tensor([errors(f, *draw) for draw in draws]) for f in (ops.rms_norm, rms_norm))
        assert ours.max() <= 4 * rounding, f"error of {ours.max() / rounding} roundings"
        mean, other = ours.square().mean(0).sqrt(), theirs.square().mean(0).sqrt()
        assert (mean <= 1.25 * other).all(), f"errors of {mean / other} of the formula's"
        for x, weight in draws:
            close(ops.rms_norm(x, weight, 1e-5), rms_norm(x, weight, 1e-5), ROUNDING[dtype])

    return check, [(4, 1), (1, 1), (3, 2, 1)]


def formulas():
    for dtype, tolerance in ROUNDING.items():
        name = str(dtype).removeprefix("torch.")
        statistics = torch.float64 if dtype == torch.float64 else torch.float32
        weights = ("same",) if dtype == statistics else ("same", "float32")
        cases = wide(rms_norm_cases(dtype, weights))
        yield f"formula rms_norm {name}", formula(ops.rms_norm, rms_norm, cases, tolerance)
        yield f"cancellation rms_norm {name}", cancellation(dtype)
        yield f"formula rotary {name}", formula(ops.rotary, rotary, rotary_cases(dtype, statistics), tolerance)
        yield f"formula swiglu {name}", formula(ops.swiglu, swiglu, swiglu_cases(dtype), 4 * tolerance)
        yield f"formula linear {name}", formula(ops.linear, F.linear, large_linear_cases(dtype), tolerance)
        yield f"formula quantized_linear {name}", formula(
            ops.quantized_linear, quantized_linear, quantized_cases(dtype), tolerance)
        yield f"formula causal_attention {name}", formula(
            first(ops.causal_attention), masked_attention, attention_cases(dtype), 4 * tolerance)
        yield f"formula causal_attention {name}, long", formula(
            first(ops.causal_attention), exact_attention, long_attention_cases(dtype), 4 * tolerance)
        for weight in dict.fromkeys((dtype, statistics)):
            label = f"formula linear_cross_entropy {name}, weight {str(weight).removeprefix('torch.')}"
            cases = head_cases(dtype, weight)
            fast, slow = first(ops.linear_cross_entropy), first(linear_cross_entropy)
            yield label, formula(fast, slow, cases, 4 * tolerance)


def philox(seed, count):
    """`count` draws of Philox 4x32-10, in the order of the dropout kernel."""
    blocks = -(-count // 64)
    counter = np.arange(blocks * 16, dtype=np.uint64)
    c = [counter & 0xFFFFFFFF, counter >> np.uint64(32), counter * 0, counter * 0]
    key = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        a, b = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
        c = [(b >> high) ^ c[1] ^ np.uint64(key[0]), b & low, (a >> high) ^ c[3] ^ np.uint64(key[1]), a & low]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    words = np.stack(c).reshape(4, blocks, 16).transpose(1, 0, 2)
    return words.reshape(-1)[:count]


def check_dropout_draws(seed, count, p):
    """The mask is the one that the published generator gives under the generator's next 64 bits."""
    source = np.random.MT19937()
    source._legacy_seeding(seed)
    high, low = (int(word) for word in source.random_raw(2))
    expected = philox(high << 32 | low, count) >= int(p * 2**32)
    output, mask = ops.dropout(torch.ones(count), p, torch.Generator().manual_seed(seed))
    assert (mask.numpy() == expected).all()
    close(output, mask / (1 - p), 1e-6)


def check_dropout_rate(p):
    generator = torch.Generator().manual_seed(1)
    masks = [ops.dropout(torch.ones(1 << 18), p, generator)[1].double() for _ in range(2)]
    for mask in masks:
        deviation = (p * (1 - p) / mask.numel()) ** 0.5
        assert abs(mask.mean().item() - (1 - p)) < 4 * deviation
    overlap = (masks[0] * masks[1]).mean().item()
    assert abs(overlap - (1 - p) ** 2) < 4 * ((1 - p) / masks[0].numel()) ** 0.5


def check_default_generator():
    torch.manual_seed(3)
    one = ops.dropout(torch.ones(100), 0.5)[1]
    torch.manual_seed(3)
    assert torch.equal(one, ops.dropout(torch.ones(100), 0.5)[1])
    assert not torch.equal(one, ops.dropout(torch.ones(100), 0.5)[1])


def everything(threads):
    """Every operator's results at a size that several threads share."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    x, weight = make(300, 65, dtype=torch.float32), make(65, dtype=torch.float32)
    out = ops.rms_norm(x, weight, 1e-6)
    results = [out, *torch.autograd.grad(out.sum(), (x, weight))]
    q = make(2, 4, 50, 64, dtype=torch.float32)
    results.append(ops.rotary(q, *angles(q.shape, True, torch.float32)))
    results.extend(ops.dropout(x, 0.2, torch.Generator().manual_seed(9)))
    return results


def check_threads():
    one, two = everything(1), everything(2)
    assert all(torch.equal(a, b) for a, b in zip(one, two))


def exact_head(x, weight, bias, *rest):
    """The loss computed in float64: PyTorch's own is off by 3e-4 at half a million classes."""
    loss, _ = linear_cross_entropy(x.double(), weight.double(), bias.double(), *rest)
    return loss.to(torch.float64 if x.dtype == torch.float64 else torch.float32)


def check_runs_of_tokens(dtype, classes):
    """So many classes that the tokens go through in several runs."""
    x, weight = make(70, 8, dtype=dtype), make(classes, 8, dtype=dtype)
    bias, target = make(classes, dtype=dtype), labels((70,), classes)
    check, _ = formula(first(ops.linear_cross_entropy), exact_head, (), 8 * ROUNDING[dtype])
    check(x, weight, bias, target, -100, 0.1, 1e-3)


def check_count():
    target = torch.tensor([1, -100, 0, 2, -100])
    loss, count = ops.linear_cross_entropy(make(5, 3), make(4, 3), None, target)
    assert count.item() == 3 and count.dtype == torch.int64 and not count.requires_grad and loss.requires_grad
    ignored = torch.full((5,), -100)
    x = make(5, 3)
    loss, count = ops.linear_cross_entropy(x, make(4, 3), None, ignored)
    assert loss.item() == 0 and count.item() == 0
    assert torch.autograd.grad(loss, x)[0].abs().max() == 0


def check_second_backward():
    """The gradients are handed on at the first backward pass and formed anew at the next."""
    x, weight = make(6, 3), make(5, 3)
    loss, _ = ops.linear_cross_entropy(x, weight, None, labels((6,), 5))
    one = torch.autograd.grad(loss, (x, weight), retain_graph=True)
    kept = [g.clone() for g in one]
    two = torch.autograd.grad(loss * 2, (x, weight))
    assert all(torch.equal(a, b) for a, b in zip(one, kept))
    assert all(torch.allclose(2 * a, b) for a, b in zip(one, two))


def check_no_grad():
    args = (make(6, 3), make(5, 3), None, labels((6,), 5))
    with torch.no_grad():
        quiet = ops.linear_cross_entropy(*args)[0]
    assert not quiet.requires_grad and torch.allclose(quiet, ops.linear_cross_entropy(*args)[0])


def check_frozen_weight():
    x, weight = make(6, 3), make(5, 3, grad=False)
    ops.linear_cross_entropy(x, weight, None, labels((6,), 5))[0].backward()
    assert x.grad is not None and weight.grad is None


def check_autocast():
    x, weight, bias = make(64, 32, dtype=torch.float32), make(100, 32, dtype=torch.float32), make(100, dtype=torch.float32)
    target = labels((64,), 100)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss, _ = ops.linear_cross_entropy(x, weight, bias, target)
    assert loss.dtype == torch.float32
    expected, _ = linear_cross_entropy(x, weight, bias, target)
    close(loss.detach(), expected.detach(), 1e-2)
    for ours, theirs in zip(gradients(loss, (x, weight, bias)), gradients(expected, (x, weight, bias))):
        close(ours, theirs, 3e-2)
    exact, _ = ops.linear_cross_entropy(x, weight, bias, target)
    assert loss.item() != exact.item()


def raises(function, *words):
    try:
        function()
    except (RuntimeError, IndexError) as error:
        missing = [word for word in words if word not in str(error)]
        assert not missing, f"{missing} not in: {error}"
        return
    raise AssertionError(f"nothing raised, expected {words}")


def check_errors():
    x = torch.randn(2, 3)
    raises(lambda: ops.rms_norm(x, torch.ones(4), 1e-6), "palabra::rms_norm", "[3]", "[4]")
    raises(lambda: ops.rms_norm(x.long(), None, 1e-6), "palabra::rms_norm", "float32")
    raises(lambda: ops.rms_norm(torch.tensor(1.0), None, 1e-6), "scalar")
    raises(lambda: ops.rms_norm(x.bfloat16(), torch.ones(3).half(), 1e-6), "weight")
    q, half = torch.randn(1, 1, 2, 4), torch.ones(2, 2)
    raises(lambda: ops.rotary(q[..., :3], half, half), "even D")
    raises(lambda: ops.rotary(q[0], half, half), "(B, H, T, D)")
    raises(lambda: ops.rotary(q, torch.ones(3, 2), half), "cos", "(T, D/2)")
    raises(lambda: ops.rotary(q, half, torch.ones(5, 2, 2)), "sin")
    raises(lambda: ops.rotary(q, half.clone().requires_grad_(), half), "Detach")
    raises(lambda: ops.swiglu(x, torch.randn(3, 2)), "up like gate", "[3, 2]")
    raises(lambda: ops.swiglu(x, x.double()), "up like gate", "Double")
    raises(lambda: ops.swiglu(x.long(), x.long()), "palabra::swiglu", "float32")
    y, w, t = torch.randn(2, 3), torch.randn(4, 3), torch.tensor([0, 1])
    raises(lambda: ops.linear_cross_entropy(y, w, None, torch.tensor([0, 4])), "0 to 3", "received 4", "position 1")
    raises(lambda: ops.linear_cross_entropy(y, w, None, torch.tensor([-1, 0])), "received -1")
    raises(lambda: ops.linear_cross_entropy(y, w, None, t.int()), "int64")
    raises(lambda: ops.linear_cross_entropy(y, w.t(), None, t), "(V, C)")
    raises(lambda: ops.linear_cross_entropy(y, w, torch.ones(3), t), "bias", "[4]")
    raises(lambda: ops.linear_cross_entropy(y, w, None, t[:1]), "targets")
    raises(lambda: ops.linear_cross_entropy(y, w, None, t, -100, 1.5), "label_smoothing")
    raises(lambda: ops.linear(x, torch.ones(4, 5)), "mat1 and mat2")
    raises(lambda: ops.linear_backward(x, x, w, [True] * 3), "palabra::linear_backward", "[2, 3]", "[4, 3]")
    raises(lambda: ops.dropout(x, 1.5), "p from 0 to 1")
    raises(lambda: ops.dequantize(torch.zeros(2, 17, dtype=torch.uint8), "Q4_0"), "whole blocks of 18 bytes", "[2, 17]")
    raises(lambda: ops.dequantize(torch.zeros(2, 18), "Q4_0"), "uint8")
    raises(lambda: ops.dequantize(torch.zeros(18, dtype=torch.uint8), "Q4_2"), "Q4_0, Q4_1", "received Q4_2")
    raises(lambda: ops.dropout(x, float("nan")), "p from 0 to 1")
    raises(lambda: ops.dropout_backward(x, torch.ones(3, 2, dtype=torch.bool), 0.5), "mask")


def check_second_derivatives():
    """What has no second derivative says so."""
    x = make(4, 3)
    (grad,) = torch.autograd.grad(ops.rms_norm(x, None, 1e-6).sum(), x, create_graph=True)
    raises(lambda: torch.autograd.grad(grad.sum(), x), "rms_norm_backward", "not implemented")
    loss, _ = ops.linear_cross_entropy(x, make(5, 3), None, labels((4,), 5))
    raises(lambda: torch.autograd.grad(loss, x, create_graph=True), "first derivatives")


def check_has_autograd(name):
    """An operator without an entry of its own would silently give no gradient."""
    dump = torch._C._dispatch_dump(name)
    for key in ("Autograd[alias]", "CPU", "Meta"):
        assert f"\n{key}: registered at" in dump, f"{name} has no kernel for {key}:\n{dump}"


# They compute nothing of tensors: where a random stream stands, and going back there; which paths a processor takes.
OTHER_OPERATORS = ["palabra::random_state", "palabra::set_random_state", "palabra::cpu_paths"]


def operator_names():
    names = [name for name in torch._C._dispatch_get_all_op_names() if name.startswith("palabra::")]
    assert set(OTHER_OPERATORS) <= set(names), names
    return [name for name in names if name not in OTHER_OPERATORS]


def check_random_state(generator):
    """Back at a state of its own, a stream draws the same numbers; PyTorch sees the same state."""
    state = ops.random_state(generator)
    expected = torch.get_rng_state() if generator is None else generator.get_state()
    assert torch.equal(state, expected)
    x = torch.ones(1000)
    first = ops.dropout(x, 0.5, generator)[1]
    assert not torch.equal(ops.dropout(x, 0.5, generator)[1], first)
    ops.set_random_state(state, generator)
    assert torch.equal(ops.dropout(x, 0.5, generator)[1], first)
    raises(lambda: ops.set_random_state(torch.ones(3), generator), "palabra::set_random_state", "[3]")


def check_twice(path):
    """A second copy of the library in one process shares the operators of the first."""
    import ctypes
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(path, folder)
        state = ctypes.CDLL(copy).palabra_ops_state
        state.restype = ctypes.c_char_p
        assert state() == b"shared", state()


def checks(path):
    yield "gradcheck rms_norm", gradcheck(ops.rms_norm, rms_norm_cases())
    yield "gradcheck rotary", gradcheck(ops.rotary, rotary_cases(), double=True)
    yield "gradcheck rotary_backward", gradcheck(ops.rotary_backward, rotary_cases(), double=True)
    yield "gradcheck swiglu", gradcheck(ops.swiglu, swiglu_cases(), double=True)
    yield "gradcheck linear", gradcheck(ops.linear, linear_cases(), double=True)
    yield "gradcheck quantized_linear", gradcheck(ops.quantized_linear, quantized_cases(), double=True)
    grads = ((grad.requires_grad_(), *rest) for grad, *rest in quantized_slopes(quantized_cases()))
    yield "gradcheck quantized_linear_backward", gradcheck(ops.quantized_linear_backward, grads, double=True)
    yield "gradcheck linear_cross_entropy", gradcheck(first(ops.linear_cross_entropy), head_cases())
    yield "gradcheck dropout", gradcheck(seeded_dropout, dropout_cases(), double=True)
    yield "gradcheck causal_attention", gradcheck(first(ops.causal_attention), attention_cases())
    yield "opcheck rms_norm", opcheck(ops.rms_norm.default, rms_norm_cases())
    backward = detached(rms_norm_cases(), lambda x, w, eps: (torch.randn_like(x), x, w, eps, [True, w is not None]))
    yield "opcheck rms_norm_backward", opcheck(ops.rms_norm_backward.default, backward)
    yield "opcheck rotary", opcheck(ops.rotary.default, rotary_cases())
    yield "opcheck rotary_backward", opcheck(ops.rotary_backward.default, rotary_cases())
    yield "opcheck swiglu", opcheck(ops.swiglu.default, swiglu_cases())
    yield "opcheck linear", opcheck(ops.linear.default, linear_cases())
    slopes = detached(linear_cases(), lambda x, w, b: (F.linear(x, w), x, w, [True, True, b is not None]))
    yield "opcheck linear_backward", opcheck(ops.linear_backward.default, slopes)
    yield "opcheck quantized_linear", opcheck(ops.quantized_linear.default, quantized_cases())
    slopes = quantized_slopes(quantized_cases())
    yield "opcheck quantized_linear_backward", opcheck(ops.quantized_linear_backward.default, slopes)
    yield "opcheck linear_cross_entropy", opcheck(ops.linear_cross_entropy.default, head_cases())
    heads = detached(head_cases(), lambda *args: (*args, [True, True, args[2] is not None]))
    yield "opcheck linear_cross_entropy_gradients", opcheck(ops.linear_cross_entropy_gradients.default, heads)
    yield "opcheck dropout", opcheck(ops.dropout.default, dropout_cases())
    masks = ((x, torch.rand(x.shape) > 0.5, p) for x, p in dropout_cases())
    yield "opcheck dropout_backward", opcheck(ops.dropout_backward.default, masks)
    yield "opcheck causal_attention", opcheck(ops.causal_attention.default, attention_cases())
    attended = detached(attention_cases(), attention_gradients)
    yield "opcheck causal_attention_backward", opcheck(ops.causal_attention_backward.default, attended)
    yield "opcheck dequantize", opcheck(ops.dequantize.default, block_cases())
    yield from formulas()
    yield "dropout draws", (check_dropout_draws, [(7, 1, 0.5), (7, 1000, 0.1), (123456, 4097, 0.75)])
    yield "dropout rate", (check_dropout_rate, [(0.1,), (0.5,), (0.9,)])
    yield "dropout default generator", (check_default_generator, [()])
    yield "random state", (check_random_state, [(None,), (torch.Generator().manual_seed(3),)])
    yield "threads", (check_threads, [()])
    runs = [(torch.float32, 600_000), (torch.float64, 300_000), (torch.bfloat16, 1_100_000)]
    yield "runs of tokens", (check_runs_of_tokens, runs)
    yield "count", (check_count, [()])
    yield "second backward", (check_second_backward, [()])
    yield "no grad", (check_no_grad, [()])
    yield "frozen weight", (check_frozen_weight, [()])
    yield "autocast", (check_autocast, [()])
    yield "errors", (check_errors, [()])
    yield "second derivatives", (check_second_derivatives, [()])
    yield "kernels", (check_has_autograd, [(name,) for name in operator_names()])
    yield "loaded twice", (check_twice, [(path,)])


def show(value):
    return f"{value.dtype} {tuple(value.shape)}" if torch.is_tensor(value) else repr(value)


def failures(check, cases):
    """Runs all cases, with numbers of their own; a failure is told with its arguments."""
    torch.manual_seed(11)
    count, failed = 0, []
    for case in cases:
        count += 1
        try:
            check(*case)
        except Exception as error:  # noqa: BLE001
            failed.append(f"{', '.join(map(show, case))}: {type(error).__name__}: {str(error)[:2000]}")
    return {"cases": count, "failures": failed}


def main():
    request = receive()
    load(request["library"])
    torch.set_num_threads(2)
    answer({name: failures(*check) for name, check in checks(request["library"])})


if __name__ == "__main__":
    main()
