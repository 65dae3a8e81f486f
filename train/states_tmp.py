from dragoman.settings import load_lexicon
S={};C={}
for r in load_lexicon("states"):
    code=r[0]
    for w in [r[3],*r[4].split("|"),*r[5].split("|"),*r[6].split("|")]:
        if w: S.setdefault(w,code)
    for w in r[7].split("|"):
        if w: C.setdefault(w,code)
def name_states(w):
    w=w.strip()
    if w.startswith("the "): w=w[4:]
    k=w if w in S else w.title() if w.isupper() and len(w)>3 else w
    return S.get(k,""),C.get(k,"")
