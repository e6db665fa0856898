// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.keep;

import org.taskwatch.linux.Keeper;
import org.taskwatch.linux.SeccompListener;

/// A kept gate with all that belongs to it.
///
/// @param ledger says which gate it is, and what was received
/// @param keeper holds the listener too
/// @param listener the listener of this process
public record Kept(Ledger ledger, Keeper keeper, SeccompListener listener) {}
