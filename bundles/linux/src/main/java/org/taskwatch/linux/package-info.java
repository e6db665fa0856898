// SPDX-License-Identifier: Apache-2.0

/// The few system calls of Linux that Taskwatch needs, as small typed classes: the one place where
/// native code is called, by the Foreign Function and Memory API.
///
/// Each object owns what it opened, and the memory that it shares with the kernel, until it is
/// closed. Failures are [org.taskwatch.linux.LinuxException]s that carry the errno. The JVM needs
/// `--enable-native-access=ALL-UNNAMED`. Bundles import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.linux;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
