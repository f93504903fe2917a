/* Keeping two machines off one disk image: a lock on the whole open file. Linux has locks that
 * belong to the open file (lock_linux.c); plain POSIX has only ones that belong to the process
 * (lock_posix.c). CMake chooses. The system drops the lock when the file is closed or we die. */
#ifndef LOADER_LOCK_H
#define LOADER_LOCK_H

enum lock_kind { LOCK_SHARED, LOCK_EXCLUSIVE };

/* Never waits. 0, or a negative errno: -EAGAIN when another opener's lock is in the way. */
int lock_take(int fd, enum lock_kind kind);

#endif
