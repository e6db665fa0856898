// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

/// What is counted of a gate, see [org.taskwatch.gate.GateInfo].
enum Count {
    ASKED,
    ALLOWED,
    REFUSED,
    LATE,
    INTERRUPTED,
    REPEATED,
    UNASKED,
    FAULTS
}
