// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.BeforeClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/// The distribution as a process, driven by its command as a user does.
abstract class DistributionFixture {
    final TempFolder folder = TempFolder.create();
    final Instance taskwatch = new Instance(Instance.distribution(), folder.path());

    @After
    public void cleanUp() {
        taskwatch.close();
        folder.close();
    }

    /// The file is there in the first network namespace alone, and the kernel tells its events to
    /// the first namespaces of processes and users alone (the numbers are the kernel's,
    /// `include/linux/proc_ns.h`). More privilege than that it does not ask for.
    @BeforeClass
    public static void needsTheProcConnector() throws IOException {
        Path connector = Path.of("/proc/net/connector");
        assumeTrue(
                "needs the proc connector",
                Files.exists(connector) && Files.readString(connector).contains("cn_proc"));
        assumeTrue(
                "needs the first namespaces of processes and users",
                isNamespace("pid", "pid:[4026531836]") && isNamespace("user", "user:[4026531837]"));
    }

    private static boolean isNamespace(String kind, String id) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString().equals(id);
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Instance.DEADLINE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    static Object own(String id) throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:" + id);
    }
}
