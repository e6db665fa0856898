// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.bpf.Btf;

/// Where programs are to run: the structs of the kernel, and what they share with this process. Maps are named
/// by their descriptors.
///
/// @param btf the structs
/// @param ring takes the records
/// @param control the memory of [Control]
/// @param scratch room for one record of an exec on each processor
/// @param failedForks the map of [FailedForks]
/// @param latestForks the memory of [LatestForks]
/// @param processors how many processors there can be
record Site(
        Btf btf,
        int ring,
        int control,
        int scratch,
        int failedForks,
        int latestForks,
        int processors) {}
