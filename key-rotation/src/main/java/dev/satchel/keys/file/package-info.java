/**
 * Key rings in a directory, with the hard link as compare-and-set.
 *
 * <p>A commit writes a temporary file, forces it to disk, and links it to the name of its revision:
 * the file system lets exactly one writer have that name, and a file under it is whole (I5, I10).
 *
 * <p>And rings that others put before this process as a file, such as a Kubernetes Secret.
 */
@NullMarked
package dev.satchel.keys.file;

import org.jspecify.annotations.NullMarked;
