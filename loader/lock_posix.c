/* Record locks (POSIX, fcntl()): they keep out other processes only, and closing any descriptor of
 * the file in this process loses them. */
#include "loader/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int lock_take(int fd, enum lock_kind kind)
{
    struct flock whole_file = {.l_type = kind == LOCK_EXCLUSIVE ? F_WRLCK : F_RDLCK,
                               .l_whence = SEEK_SET};

    if (fcntl(fd, F_SETLK, &whole_file) == 0)
        return 0;
    return errno == EACCES ? -EAGAIN : -errno;
}
