# A copy that is one word too long: it writes over the table of handlers behind its buffer, and much later the first handler is called.
# says: There is no code at 0x5554
        .globl  _start
_start: la      sp, stack_top
        la      t0, trap
        csrw    mtvec, t0
        jal     ra, receive
        jal     ra, work
        jal     ra, dispatch
        j       done

# Copies the message into the buffer.
receive:
        la      a0, buffer
        la      a1, message
        li      a2, 5           # the buffer holds four
copy:   ld      a3, 0(a1)
        sd      a3, 0(a0)
        addi    a1, a1, 8
        addi    a0, a0, 8
        addi    a2, a2, -1
        bnez    a2, copy
        ret

# Something else, for a while.
work:   li      a4, 1000
more:   addi    a4, a4, -1
        bnez    a4, more
        ret

# Calls the first handler.
dispatch:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      a5, handlers
        ld      a5, 0(a5)
        jalr    ra, 0(a5)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

hello:  ret

done:   j       done
        .align  2
trap:   j       trap

        .align  3
message:
        .dword  0x1111, 0x2222, 0x3333, 0x4444, 0x5555
buffer: .dword  0, 0, 0, 0
handlers:
        .dword  hello
        .align  4
stack:  .zero   256
stack_top:
