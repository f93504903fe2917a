/* Opening a folder that lies below another one, whatever somebody else does to the tree meanwhile:
 * no component of the path is a symbolic link or leads upwards. Linux does this in one call
 * (beneath_linux.c); plain POSIX goes component by component (beneath_posix.c). CMake chooses. */
#ifndef LOADER_BENEATH_H
#define LOADER_BENEATH_H

/* Opens root/path, a folder, for use as the first argument of openat() and its like; it may not be
 * readable. path is relative, its components are plain names; "" is root itself. Returns a
 * descriptor or a negative errno: -ELOOP or -ENOTDIR when there is a symbolic link on the way. */
int beneath_open(int root, const char *path);

#endif
