// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import java.lang.module.ModuleFinder;

/// Whether the JVM is a JDK: this process runs on the one that an instance would.
///
/// @param modules those that it has
record JdkTopic(ModuleFinder modules) implements Topic {
    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() {
        String what = "Java %s in %s".formatted(Runtime.version(), System.getProperty("java.home"));
        return modules.find("jdk.compiler").isPresent()
                ? Finding.ok(what + ", a JDK")
                : Finding.warn(
                        what
                                + ", without a compiler: an instance runs, and watchers are built"
                                + " elsewhere; else install a JDK, or name one in TASKWATCH_JAVA");
    }
}
