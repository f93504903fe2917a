/* Open-file-description locks (Linux, fcntl(2)): they also keep out a second opener in the same
 * process, and closing another descriptor of the file does not lose them. */
#define _GNU_SOURCE
#include "loader/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int lock_take(int fd, enum lock_kind kind)
{
    struct flock whole_file = {.l_type = kind == LOCK_EXCLUSIVE ? F_WRLCK : F_RDLCK,
                               .l_whence = SEEK_SET};

    if (fcntl(fd, F_OFD_SETLK, &whole_file) == 0)
        return 0;
    return errno == EACCES ? -EAGAIN : -errno;
}
