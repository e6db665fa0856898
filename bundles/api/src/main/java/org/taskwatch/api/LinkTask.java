// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.osgi.annotation.bundle.Capability;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Links a watcher into the static table of the core.
///
/// For a public class with a public constructor without parameters, in a *fragment* of the bundle
/// `org.taskwatch.core`. It becomes a capability `taskwatch.table` with the attributes `class`,
/// `event`, `capture`, `threads`, `filter` and `relaxed`. The table is built once, when the core starts, in the
/// order of the fragments' names and of the classes' names in each, and never changes: such a watcher can't
/// be unloaded, is called by the notifying thread before all modules, and is trusted as the core is.
@Capability(
        namespace = "taskwatch.table",
        attribute = {
            "class=${@class}",
            "event:List<String>=\"${#value}\"",
            "capture:List<String>=\"${#capture}\"",
            "threads=${#threads}",
            "filter=\"${#filter}\"",
            "relaxed=${#relaxed}"
        })
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface LinkTask {
    /// {@return the events to be called for, at least one}
    TaskEvent[] value();

    /// {@return the details that the watcher needs; those that nobody needs are not read}
    Capture[] capture() default {};

    /// {@return whether the watcher is told of threads, [Task#isThread], too, and not of processes
    /// only}
    boolean threads() default true;

    /// {@return of which tasks the watcher is told, see [WatchTask#filter]}
    String filter() default "";

    /// {@return whether the watcher may be told a little late, see [WatchTask#relaxed]}
    boolean relaxed() default false;
}
