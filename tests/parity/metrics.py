"""BLEU by sacrebleu and tests by scipy, for the cases on stdin."""

import numpy as np
from sacrebleu.metrics import BLEU
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from scipy import special, stats

from exchange import answer, receive

SMOOTHING = {"none": "none", "floor": "floor", "addK": "add-k", "exp": "exp"}


def bleu(case):
    smoothing = case["smoothing"]
    metric = BLEU(tokenize=case["tokenize"], smooth_method=SMOOTHING[smoothing["type"]],
                  smooth_value=smoothing.get("value"), max_ngram_order=case["order"],
                  effective_order=case["effectiveOrder"], force=True)
    # Lists of references by place, as long as the candidates; None where a candidate has fewer.
    most = max(len(references) for references in case["references"])
    streams = [[references[i] if i < len(references) else None for references in case["references"]]
               for i in range(most)]
    result = metric.corpus_score(case["candidates"], streams)
    return {"score": result.score / 100, "precisions": [p / 100 for p in result.precisions], "bp": result.bp,
            "lengths": [result.sys_len, result.ref_len], "counts": result.counts, "totals": result.totals}


def interval(result):
    low, high = result.confidence_interval(0.95)
    return {"t": float(result.statistic), "p": float(result.pvalue), "freedom": float(result.df),
            "interval": [float(low), float(high)]}


def tests(case):
    a, b = np.array(case["a"]), np.array(case["b"])
    found = {"welch": interval(stats.ttest_ind(a, b, equal_var=False))}
    if len(a) == len(b):
        found["paired"] = interval(stats.ttest_rel(a, b))
        wilcoxon = stats.wilcoxon(a, b, zero_method="wilcox", correction=False)
        found["wilcoxon"] = {"statistic": float(wilcoxon.statistic), "p": float(wilcoxon.pvalue)}
    return found


def signed_ranks(pairs):
    """Every way to give signs where there are few pairs, by scipy's own choice of method."""
    found = [stats.wilcoxon(a, b, zero_method="wilcox", correction=False) for a, b in pairs]
    return [{"statistic": float(one.statistic), "p": float(one.pvalue)} for one in found]


def holm(values):
    """By its definition: scipy has no Holm."""
    p = np.array(values)
    order = np.argsort(p, kind="stable")
    steps = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    corrected = np.empty(len(p))
    corrected[order] = steps
    return corrected.tolist()


request = receive()
tokenizer = Tokenizer13a()
answer({
    "bleu": [bleu(case) for case in request["bleu"]],
    "words": [tokenizer(text.rstrip()).split() for text in request["texts"]],
    "tests": [tests(case) for case in request["tests"]],
    "ranks": signed_ranks(request["ranks"]),
    "holm": [holm(values) for values in request["pValues"]],
    "beta": [float(special.betainc(a, b, x)) for x, a, b in request["beta"]],
    "normal": [float(2 * stats.norm.sf(abs(z))) for z in request["normal"]],
    "quantiles": [float(np.quantile(case["a"], 0.3)) for case in request["tests"]],
})
