// SPDX-License-Identifier: Apache-2.0

/// Posts the events of tasks to the topics of OSGi EventAdmin.
@NullMarked
package org.taskwatch.eventadmin;

import org.jspecify.annotations.NullMarked;
