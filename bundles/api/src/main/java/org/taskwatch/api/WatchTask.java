// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.ComponentPropertyType;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares which events a watcher component watches.
///
/// ```java
/// @Component
/// @WatchTask(TaskEvent.EXEC)
/// public class ExecLog implements TaskWatcher { ... }
/// ```
///
/// It becomes the service property [#WATCH_TASK] (and those named below it), a capability
/// `taskwatch.watcher` with the attributes `class` and `event` in the manifest, so that a bundle's
/// watchers can be read off its manifest, and a requirement of `taskwatch.core`, so that the bundle
/// does not resolve where nothing would call it. A watcher that is registered without Declarative
/// Services sets the properties itself.
@ComponentPropertyType
@Capability(
        namespace = "taskwatch.watcher",
        attribute = {"class=${@class}", "event:List<String>=\"${#value}\""})
@Requirement(namespace = "taskwatch.core", filter = "(&(version>=1.0)(!(version>=2.0)))")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface WatchTask {
    /// What the names of the service properties begin with.
    String PREFIX_ = "taskwatch.";

    /// The service property with the names of the events: a `String`, `String[]` or collection.
    String WATCH_TASK = "taskwatch.watch.task";

    /// The service property with the name of a [Delivery], QUEUED if absent.
    String DELIVERY = "taskwatch.delivery";

    /// The service property, a `Boolean`, of [#existing].
    String EXISTING = "taskwatch.existing";

    /// The service property with the names of the [Capture]s: a `String`, `String[]` or collection,
    /// none if absent.
    String CAPTURE = "taskwatch.capture";

    /// The service property, a `Boolean`, of [#threads], true if absent.
    String THREADS = "taskwatch.threads";

    /// The service property with the [#filter], none if absent or blank.
    String FILTER = "taskwatch.filter";

    /// The service property, a `Boolean`, of [#relaxed], false if absent.
    String RELAXED = "taskwatch.relaxed";

    /// {@return the events to be called for, at least one}
    TaskEvent[] value();

    /// {@return how the watcher is called}
    Delivery delivery() default Delivery.QUEUED;

    /// {@return whether the watcher is first told of each task that is alive, once, as a
    /// [TaskEvent#CLONE] of the origin [TaskNotification.Origin#EXISTING], and then of the stream from
    /// there on, without gap or overlap} Needs [Delivery#QUEUED].
    boolean existing() default false;

    /// {@return the details that the watcher needs; those that nobody needs are not read}
    Capture[] capture() default {};

    /// {@return whether the watcher is told of threads, [Task#isThread], as well as of processes}
    /// Threads cause most of the events on a machine with JVMs, so a watcher that only needs
    /// processes should say so. While no watcher wants threads, the kernel does not even report
    /// them; registering the first watcher that does takes longer, usually up to 100 ms, until it
    /// reports them.
    boolean threads() default true;

    /// {@return of which tasks the watcher is told: a filter of OSGi, as `(comm=nginx)` or
    /// `(&(uid=33)(!(ancestor.comm=cron)))`; blank for all} It is asked at each event, with what is known of
    /// the task then, and where it says no, nothing is woken. It can ask for
    ///
    /// | name | what it is |
    /// |---|---|
    /// | `comm` | the name |
    /// | `exe` | the path of the executable; needs [Capture#EXE], which is read then |
    /// | `pid` | the pid of the process |
    /// | `uid`, `gid` | the effective user and group id, from 0 to 4294967295 |
    /// | `cgroup` | the path of the control group; needs [Capture#CGROUP], which is read then |
    /// | `container` | the id of the container, likewise |
    /// | `gate` | the label of the [Gate] in whose tree it is, which may be empty |
    /// | `label.KEY` | the value of the label with that key, [TaskDetails#labels] |
    /// | `ancestor` | the pid of a process that it descends from, for each of up to 1000 generations |
    /// | `ancestor.comm` | the name of such a process, as it is at that time |
    ///
    /// What is not known of a task it does not have: `(comm=*)` says whether there is a name. A watcher that
    /// is told of the CLONE of a task need not be told of its FREE: the name may have changed.
    String filter() default "";

    /// {@return whether the watcher may be told some 100 ms late} What costs on a machine that does little is to
    /// be woken for each event. While all who watch an event are relaxed, a source may let several come
    /// together. Good for what counts or logs; the time of an event is that of the kernel all the same.
    boolean relaxed() default false;
}
