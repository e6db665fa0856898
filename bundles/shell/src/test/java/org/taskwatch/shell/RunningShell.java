// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.scr.info.ScrInfo;
import org.apache.felix.service.command.CommandProcessor;
import org.awaitility.Awaitility;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.shell.control.ControlClient;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A framework with the shell as it was just built, the bundles it needs, and [Fakes].
public final class RunningShell extends ExternalResource {
    private static final String SHARED =
            "org.osgi.service.log;version=1.5.0,"
                    + "org.taskwatch.api;version=1.0.0,org.taskwatch.api.file;version=1.0.0,"
                    + "org.taskwatch.api.spi;version=1.0.0,org.taskwatch.api.tool;version=1.0.0,"
                    + "org.taskwatch.control;version=1.0.0,"
                    + "org.taskwatch.rates;version=1.0.0,"
                    + "org.taskwatch.gate;version=1.0.0,"
                    + "org.taskwatch.tasks;version=1.0.0,"
                    + "org.taskwatch.tasks.procfs;version=1.0.0,"
                    + "org.taskwatch.linux.proc;version=1.0.0,"
                    + "org.taskwatch.source;version=1.0.0,"
                    + "org.taskwatch.source.recording;version=1.0.0";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final Fakes fakes = new Fakes();
    private @Nullable Framework framework;
    private @Nullable Bundle shell;

    @Override
    protected void before() throws Throwable {
        folder.create();
        Framework starting =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        folder.newFolder("cache").toString(),
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        SHARED,
                                        "felix.fileinstall.dir",
                                        folder.newFolder("etc").toString(),
                                        "felix.fileinstall.poll",
                                        "100",
                                        "felix.fileinstall.enableConfigSave",
                                        "false",
                                        "taskwatch.base",
                                        base().toString()));
        framework = starting;
        starting.start();
        fakes.register(context());
        install(Terminal.class);
        install(Shell.class);
        install(ConfigurationAdmin.class);
        for (Class<?> type :
                List.of(
                        Function.class,
                        Promise.class,
                        ServiceComponentRuntime.class,
                        CommandProcessor.class,
                        ScrInfo.class,
                        org.apache.felix.gogo.command.Basic.class)) {
            install(type).start();
        }
        Bundle built = context().installBundle("reference:" + Path.of("target/classes").toUri());
        shell = built;
        built.start();
        Awaitility.await().until(() -> Files.exists(socket()));
    }

    @Override
    protected void after() {
        Framework running = Objects.requireNonNull(framework);
        try {
            running.stop();
            running.waitForStop(10_000);
        } catch (BundleException | InterruptedException e) {
            throw new IllegalStateException("stopping the framework", e);
        }
        folder.delete();
    }

    /// {@return what stands in for the rest of Taskwatch}
    public Fakes fakes() {
        return fakes;
    }

    /// {@return the bundle of the shell}
    public Bundle bundle() {
        return Objects.requireNonNull(shell);
    }

    /// {@return the context of the system bundle}
    public BundleContext context() {
        return Objects.requireNonNull(framework).getBundleContext();
    }

    /// {@return the folder of configurations}
    public Path etc() {
        return base().resolve("etc");
    }

    /// {@return the base directory}
    public Path base() {
        return folder.getRoot().toPath();
    }

    /// {@return the control socket}
    public Path socket() {
        return base().resolve("run/control");
    }

    /// {@return the answer to a command line}
    ///
    /// @param line the command line
    /// @throws IOException if the connection ends before the answer does
    public Answer execute(String line) throws IOException {
        return ControlClient.execute(socket(), line);
    }

    /// {@return the output of a command line, which must succeed and report no error}
    ///
    /// @param line the command line
    /// @throws IOException if the connection ends before the answer does
    public String out(String line) throws IOException {
        Answer answer = execute(line);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
        return answer.out();
    }

    /// {@return the watcher that feeds the streams, once there is one}
    public TaskWatcher watcher() {
        return Awaitility.await().until(this::watchers, watchers -> !watchers.isEmpty()).getFirst();
    }

    /// {@return the watchers that feed the streams}
    public List<TaskWatcher> watchers() {
        try {
            return context().getServiceReferences(TaskWatcher.class, null).stream()
                    .map(context()::getService)
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter", e);
        }
    }

    /// {@return whether a watcher is registered}
    public boolean isWatching() {
        return context().getServiceReference(TaskWatcher.class) != null;
    }

    /// Installs a bundle.
    ///
    /// @param type a class of it
    /// @return the bundle, not started
    public Bundle install(Class<?> type) throws URISyntaxException, BundleException {
        return context()
                .installBundle(
                        type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI()
                                .toString());
    }
}
