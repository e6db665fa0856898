// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.apache.felix.framework.Felix;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;
import org.taskwatch.control.Commands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.client.ControlClient;
import org.taskwatch.launcher.client.InteractiveShell;
import org.taskwatch.launcher.deploy.Deployer;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.log.FrameworkLog;
import org.taskwatch.launcher.log.ServiceLog;
import org.taskwatch.launcher.source.Compiler;
import org.taskwatch.launcher.source.CompilerProcess;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The framework with the bundles of the distribution and of the deploy folder.
final class Instance {
    private static final System.Logger LOG = System.getLogger(Instance.class.getName());

    /// The service that says that taskwatch is watching: the table of tasks is complete. With the
    /// property, all that wait for the table have been told, and so all commands are there.
    private static final String READY_SERVICE =
            "(&(objectClass=org.taskwatch.api.tool.TaskTable)(taskwatch.told=true))";

    /// The framework property by which the control socket knows that commands may be missing yet.
    private static final String STARTING = "taskwatch.starting";

    /// What the shell shares with the launcher, whose class path has it.
    private static final String CONTROL = "org.taskwatch.control;version=\"1.0.0\"";

    /// What the JVM writes into the classes of events for its flight recorder, when there is one: no bundle
    /// can import it.
    private static final String RECORDED = "jdk.jfr.internal.event";

    /// The id of the condition that is there once the ready line is told: what waits for a complete instance
    /// depends on it.
    private static final String READY = "taskwatch.ready";

    /// What Felix HTTP and the Felix web console take as their defaults if they are deployed: the loopback instead of all
    /// addresses, and the hash of a password that nobody knows instead of `admin`. A property of the JVM goes before.
    private static final Map<String, String> FOR_DEPLOYED =
            Map.of(
                    "org.apache.felix.http.host",
                    "127.0.0.1",
                    "felix.webconsole.password",
                    "{sha-256}" + "A".repeat(43) + "=");

    private static final long READY_MS = 10_000;
    private static final long FIRST_PASS_MS = 5_000;
    private static final long POLL_MS = 5;

    private final Base base;
    private final Distribution distribution;
    private final LinkedFragments links;
    private final ClassPathBundles loadable;
    private final Framework framework;
    private final Consumer<InstanceLock.State> states;

    /// Whether it was asked to stop, perhaps before it has begun.
    @GuardedBy("this")
    private boolean isStopping;

    /// Prepares the instance.
    ///
    /// @param states is told how far it is
    /// @throws Failure if the folder `link` has something that is no fragment of the core
    Instance(Base base, Distribution distribution, Consumer<InstanceLock.State> states) {
        this.base = base;
        this.distribution = distribution;
        this.states = states;
        this.links = LinkedFragments.in(base.link());
        this.loadable = links.loadable(ClassPathBundles.own());
        this.framework = new Felix(configuration(base), loadable);
    }

    private static Map<String, Object> configuration(Base base) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("taskwatch.base", base.directory().toString());
        properties.put("org.osgi.framework.storage", base.cache().resolve("felix").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put(
                "org.osgi.framework.startlevel.beginning",
                String.valueOf(Distribution.DEPLOY_LEVEL));
        properties.put(
                "org.osgi.framework.system.packages.extra", ServiceLog.PACKAGE + "," + CONTROL);
        properties.put("org.osgi.framework.bootdelegation", RECORDED);
        properties.put("felix.log.logger", new FrameworkLog());
        properties.put("felix.log.level", "2");
        properties.put("ds.loglevel", "warn");
        properties.put("felix.fileinstall.dir", base.etc().toString());
        properties.put("felix.fileinstall.filter", ".*\\.cfg");
        properties.put("felix.fileinstall.poll", "2000");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.disableNio2", "true");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.log.level", "2");
        properties.put("felix.fileinstall.tmpdir", base.cache().resolve("etc").toString());
        FOR_DEPLOYED.forEach(
                (name, value) -> properties.put(name, System.getProperty(name, value)));
        return properties;
    }

    /// Starts it, says on `out` when it watches, and returns when it has stopped.
    ///
    /// @param shell whether to give the user a shell; when that is left, the instance stops
    /// @throws Failure if it does not get to watching
    void run(OutputStream out, boolean shell) throws InterruptedException, IOException {
        System.setProperty(STARTING, "true"); // of the system, as those of a framework can't change
        try {
            if (startFramework()) {
                distribution.start(framework.getBundleContext(), links, loadable);
                watch(out, shell);
            }
        } catch (Failure | IllegalStateException e) {
            if (!isStopping()) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, "stopped while it was starting", e);
        } finally {
            stop();
            framework.waitForStop(0);
            Files.deleteIfExists(base.control());
        }
    }

    private void watch(OutputStream out, boolean shell) throws InterruptedException, IOException {
        try (Compiler compiler =
                        new CompilerProcess(
                                distribution.compiler(), base.cache().resolve("compiler.err"));
                Deployer deployer =
                        Deployer.start(base.deploy(), framework.getBundleContext(), compiler)) {
            if (!deployer.awaitFirstPass(FIRST_PASS_MS)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a bundle of the deploy folder is still starting; going on without it");
            }
            String status = awaitReady();
            if (status != null) {
                tellReady(status, out);
                registerReady();
                if (shell) {
                    giveShell(out);
                    stop();
                }
            }
            framework.waitForStop(0);
        }
    }

    /// The framework can be started again after a stop, and a stop before the start does nothing: so
    /// a stop waits for this, and this does nothing after a stop.
    ///
    /// @return false if it was stopped before
    private synchronized boolean startFramework() {
        if (isStopping) {
            return false;
        }
        Storage.clear(base.cache().resolve("felix"));
        Storage.clear(base.cache().resolve("etc"));
        try {
            framework.init();
            StopWatchdog.guard(framework, base, () -> states.accept(InstanceLock.State.STOPPING));
            ServiceLog.register(framework.getBundleContext());
            framework
                    .adapt(FrameworkStartLevel.class)
                    .setInitialBundleStartLevel(Distribution.DEPLOY_LEVEL);
            framework.start();
            return true;
        } catch (BundleException e) {
            throw new Failure("cannot start the framework: " + Failure.reason(e));
        }
    }

    private static void tellReady(String status, OutputStream out) throws IOException {
        String line = "taskwatch ready in %d ms: %s%n".formatted(ProcessAge.ms(), status);
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void registerReady() {
        framework
                .getBundleContext()
                .registerService(
                        Condition.class,
                        Condition.INSTANCE,
                        FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, READY)));
    }

    private void giveShell(OutputStream out) {
        try (ControlClient client = ControlClient.connectFromInside(base)) {
            InteractiveShell.run(client, "", System.in, out, out);
        } catch (Failure e) {
            if (framework.getState() == Bundle.ACTIVE) {
                throw e;
            } // else the session ended because the framework stops
        }
    }

    /// Asks it to stop, from any thread. [StopWatchdog] makes sure that it does.
    void stop() {
        synchronized (this) {
            isStopping = true;
        }
        try {
            framework.stop();
        } catch (BundleException e) {
            throw new Failure("cannot stop the framework: " + Failure.reason(e));
        }
    }

    private synchronized boolean isStopping() {
        return isStopping;
    }

    /// Waits for the table of tasks, then for the control socket to answer.
    ///
    /// @return the first line of the status, null if it was stopped meanwhile
    private @Nullable String awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MS);
        ServiceTracker<Object, Object> table =
                new ServiceTracker<>(framework.getBundleContext(), readyFilter(), null);
        table.open(true);
        String reason = "no task table was registered (service %s)".formatted(READY_SERVICE);
        while (framework.getState() == Bundle.ACTIVE) {
            if (table.waitForService(POLL_MS) != null) {
                System.clearProperty(STARTING);
                states.accept(InstanceLock.State.RUNNING);
                try {
                    return status();
                } catch (Failure e) {
                    reason =
                            e.status() == Failure.NO_INSTANCE
                                    ? "no shell listens at " + base.control()
                                    : String.valueOf(e.getMessage());
                }
            }
            if (System.nanoTime() > deadline) {
                throw notReady(reason);
            }
            // So a stop is noticed, and a shell whose socket does not listen yet is asked again.
            if (framework.waitForStop(POLL_MS).getType() != FrameworkEvent.WAIT_TIMEDOUT) {
                return null;
            }
        }
        return null;
    }

    private static Filter readyFilter() {
        try {
            return FrameworkUtil.createFilter(READY_SERVICE);
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private Failure notReady(String reason) {
        return new Failure(
                "not ready after %d s: %s; see %s"
                        .formatted(READY_MS / 1000, reason, base.log().resolve("taskwatch.log")));
    }

    private String status() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ControlClient client = ControlClient.connectFromInside(base)) {
            int status = client.execute(List.of(Commands.STATUS.name()), output, output);
            String line = output.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
            if (status != 0 || line.isEmpty()) {
                throw new Failure("status answered \"%s\" (%d)".formatted(line, status));
            }
            return line;
        }
    }
}
