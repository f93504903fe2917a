# M, A, F, D, Zba, Zbb, Zbs and the cache-block operations, on both widths.
    mul    a0, a1, a2
    mulh   a0, a1, a2
    mulhsu a0, a1, a2
    mulhu  a0, a1, a2
    div    a0, a1, a2
    divu   a0, a1, a2
    rem    a0, a1, a2
    remu   a0, a1, a2
    lr.w       a0, (a1)
    lr.w.aq    a0, 0(a1)
    sc.w       a0, a2, (a1)
    amoswap.w.aqrl a0, a2, (a1)
    amoadd.w   a0, a2, 0(a1)
    amoxor.w   a0, zero, (a1)
    amoand.w.rl a0, a2, (a1)
    amominu.w  a0, a2, (a1)
    flw    fa0, 4(a0)
    fsw    ft11, -4(a0)
    fld    fs0, 8(a0)
    fsd    fs11, 8(a0)
    flw    fa0, value, t0
    fsd    fa0, value, t0
    fmadd.s  fa0, fa1, fa2, fa3
    fmsub.d  fa0, fa1, fa2, fa3, rne
    fnmsub.s ft0, ft1, ft2, ft3, rtz
    fnmadd.d f28, f29, f30, f31, rdn
    fadd.s   fa0, fa1, fa2
    fsub.d   fa0, fa1, fa2, rup
    fmul.s   fa0, fa1, fa2, rmm
    fdiv.d   fa0, fa1, fa2, dyn
    fsqrt.s  fa0, fa1
    fsgnj.s  fa0, fa1, fa2
    fmin.d   fa0, fa1, fa2
    fmax.s   fa0, fa1, fa2
    fcvt.s.d fa0, fa1
    fcvt.d.s fa0, fa1
    fcvt.w.s a0, fa1
    fcvt.wu.d a0, fa1, rtz
    fcvt.s.w fa0, a1
    fcvt.d.wu fa0, a1
    feq.s    a0, fa0, fa1
    flt.d    a0, fa0, fa1
    fle.s    a0, fa0, fa1
    fgt.s    a0, fa0, fa1
    fge.d    a0, fa0, fa1
    fclass.d a0, fa1
    fmv.x.w  a0, fa1
    fmv.w.x  fa0, a1
    fmv.x.s  a0, fa1
    fmv.s.x  fa0, a1
    fmv.s    fa0, fa1
    fabs.s   fa0, fa1
    fneg.s   fa0, fa1
    fmv.d    fa0, fa1
    fabs.d   fa0, fa1
    fneg.d   fa0, fa1
    frcsr    a0
    fscsr    a0
    fscsr    a0, a1
    frrm     a0
    fsrm     a0, a1
    fsrmi    3
    frflags  a0
    fsflags  a0
    fsflagsi a0, 31
    sh1add a0, a1, a2
    sh3add a0, a1, a2
    andn   a0, a1, a2
    orn    a0, a1, a2
    xnor   a0, a1, a2
    clz    a0, a1
    cpop   a0, a1
    maxu   a0, a1, a2
    sext.b a0, a1
    sext.h a0, a1
    zext.h a0, a1
    rol    a0, a1, a2
    rori   a0, a1, 7
    orc.b  a0, a1
    rev8   a0, a1
    bclr   a0, a1, a2
    bseti  a0, a1, 31
    bexti  a0, a1, 0
    cbo.zero  (a0)
    cbo.flush 0(a0)
    prefetch.r 32(a0)
    prefetch.i -2048(a0)
    pause
    .balign 16
value:
    .float 1.5, -0.1, 1e10
    .double 3.141592653589793, -2
    .balign 16
