// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/// The numbers of a bundle: what it has counted, above all what was lost in it, and how much it holds.
/// An OSGi service; what shows numbers reads those of all such services.
///
/// How many numbers there are must be bounded by what is installed, not by what users do: the readers
/// of a stream, say, are added up, and those that have gone stay in the sum.
@ConsumerType
public interface Counters {
    /// {@return the numbers as they are now} No two have the same name and labels. Called by any thread,
    /// several at a time, also by that of an unprivileged user's read of a file: it must be cheap, and
    /// must not wait.
    List<Counter> counters();
}
