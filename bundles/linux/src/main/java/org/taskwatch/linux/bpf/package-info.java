// SPDX-License-Identifier: Apache-2.0

/// Programs for the kernel's own virtual machine, eBPF: assembled, loaded and read from in Java, without
/// a compiler or a library. See `bpf(2)` and `Documentation/bpf` of the kernel.
///
/// [org.taskwatch.linux.bpf.Assembler] makes the code of a program, with the offsets of the kernel's
/// structs from [org.taskwatch.linux.bpf.Btf]; [org.taskwatch.linux.bpf.BpfProgram] loads and attaches
/// it; what it tells comes by a [org.taskwatch.linux.bpf.RingBuffer], and what it is told by a
/// [org.taskwatch.linux.bpf.SharedMemory]. Each object gives back what it holds when it is closed.
/// Bundles import this package with `[1.0,2)`.
@Export
@Version("1.0.0")
@NullMarked
package org.taskwatch.linux.bpf;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
