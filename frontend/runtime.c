/* The folder of sockets (see runtime.h). POSIX calls alone. */
#include "frontend/runtime.h"

#include "loader/refuse.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SUFFIX ".monitor"

/* Nobody else may reach into it, so that a socket in it is ours. */
static bool check_folder(const char *path, char *message, size_t size)
{
    struct stat status;

    if (mkdir(path, 0700) && errno != EEXIST)
        return refuse(message, size, "%s cannot be made: %s.", path, strerror(errno));
    if (lstat(path, &status) || !S_ISDIR(status.st_mode) || status.st_uid != geteuid() ||
        status.st_mode & 077)
        return refuse(message, size,
                      "%s is no folder of yours alone; say chmod 700, or set XDG_RUNTIME_DIR.",
                      path);
    return true;
}

bool runtime_folder(char path[RUNTIME_PATH], char *message, size_t size)
{
    const char *base = getenv("XDG_RUNTIME_DIR");
    int length;

    if (base && *base == '/')
        length = snprintf(path, RUNTIME_PATH, "%s/vitrine", base);
    else
        length = snprintf(path, RUNTIME_PATH, "/tmp/vitrine-%u", (unsigned)geteuid());
    if (length >= RUNTIME_PATH)
        return refuse(message, size, "The path in XDG_RUNTIME_DIR is too long for a socket.");
    return check_folder(path, message, size);
}

bool runtime_socket(const char *name, char path[RUNTIME_PATH], char *message, size_t size)
{
    char folder[RUNTIME_PATH];
    int length;

    if (strchr(name, '/'))
        length = snprintf(path, RUNTIME_PATH, "%s", name);
    else if (!runtime_folder(folder, message, size))
        return false;
    else
        length = snprintf(path, RUNTIME_PATH, "%s/%s%s", folder, name, SUFFIX);
    return (length > 0 && length < RUNTIME_PATH) ||
           refuse(message, size, "\"%.60s\" is too long for the name of a socket.", name);
}

void runtime_clean_name(const char *from, char name[RUNTIME_NAME])
{
    size_t length = 0;
    const char *slash = strrchr(from, '/');

    for (from = slash ? slash + 1 : from; *from && length < RUNTIME_NAME - 8; from++)
        if (isalnum((unsigned char)*from) || strchr("-_+", *from) || (*from == '.' && length))
            name[length++] = *from;
    name[length] = 0;
    if (!length)
        strcpy(name, "machine");
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    return address;
}

static int make_socket(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (fd >= 0)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

int runtime_connect(const char *path, char *message, size_t size)
{
    struct sockaddr_un address = address_of(path);
    int fd = make_socket();

    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    refuse(message, size, "No machine listens at %s: %s.", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

int runtime_listen(const char *path, char *message, size_t size)
{
    struct sockaddr_un address = address_of(path);
    struct stat status;
    int fd, other = runtime_connect(path, message, size);

    if (other >= 0) {
        close(other);
        refuse(message, size,
               "Another machine listens at %s; --name calls this one something else.", path);
        return -1;
    }
    if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
        unlink(path);
    fd = make_socket();
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        chmod(path, 0600) == 0 && listen(fd, 64) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
        return fd;
    refuse(message, size, "There can be no socket at %s: %s.", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

bool runtime_each(void (*found)(void *context, const char *name), void *context)
{
    char folder[RUNTIME_PATH], ignored[256];
    const struct dirent *entry;
    DIR *directory;

    if (!runtime_folder(folder, ignored, sizeof(ignored)) || !(directory = opendir(folder)))
        return false;
    while ((entry = readdir(directory))) {
        char name[256];
        snprintf(name, sizeof(name), "%s", entry->d_name);
        char *end = strstr(name, SUFFIX);
        if (!end || end == name || strcmp(end, SUFFIX))
            continue;
        *end = 0;
        found(context, name);
    }
    closedir(directory);
    return true;
}
