// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

/// An object that one thread writes at each call. Fields of a superclass lie before those of its
/// subclasses, so that these are kept off the cache lines of whatever lies before the object, where
/// the garbage collector has put it: the same object of another thread, as a rule.
@SuppressWarnings("unused")
abstract class Padded {
    // Two lines of 64 bytes, as the hardware may fetch them in pairs.
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
