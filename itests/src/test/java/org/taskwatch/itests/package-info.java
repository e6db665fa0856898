// SPDX-License-Identifier: Apache-2.0

/// The distribution on the live kernel: in Pax Exam, and as a process.
package org.taskwatch.itests;
