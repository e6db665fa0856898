// SPDX-License-Identifier: Apache-2.0

/// The reclamation kernel: which threads call what, and when what was taken out of use is called
/// by none of them any more.
///
/// And what one of these threads has to be done with in time, and who takes it over:
/// [org.taskwatch.core.call.TimedTurns].
///
/// [org.taskwatch.core.call.Callers] has the protocol, the argument why it is right, and the
/// literature. It knows nothing of watchers, modules and lanes: only of a
/// [org.taskwatch.core.call.Callee].
@NullMarked
package org.taskwatch.core.call;

import org.jspecify.annotations.NullMarked;
