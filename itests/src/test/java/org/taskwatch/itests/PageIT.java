// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The page in a real browser, of a real instance.
public class PageIT {
    private static final String MODULE = "org.taskwatch.watchers.exec-log";

    /// What a browser would run if a name of a process became a part of the page.
    private static final String HOSTILE = "<img src=x onerror=window.isHacked=1>";

    private static final int MOST_ROWS = 200;
    private static final long MOST_GROWTH = 8 << 20;

    private static final TempFolder PACKAGES = TempFolder.create();
    private static Path root;

    private final TempFolder folder = TempFolder.create();
    private final Instance taskwatch = new Instance(Instance.distribution(), folder.path());
    private final List<Process> started = new ArrayList<>();
    private Browser browser;

    @BeforeClass
    public static void unpack() throws Exception {
        root = DebianPackages.unpack(PACKAGES.path().resolve("packages"), Browser.PACKAGES);
    }

    @AfterClass
    public static void remove() {
        PACKAGES.close();
    }

    @Before
    public void start() throws Exception {
        taskwatch.run().assumeSeesAll();
        browser = new Browser(root, folder.path().resolve("profile"));
    }

    @After
    public void cleanUp() {
        started.forEach(Process::destroyForcibly);
        if (browser != null) {
            browser.close();
        }
        taskwatch.close();
        folder.close();
    }

    private void open(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("web"));
        words.addAll(List.of(options));
        browser.open(URI.create(taskwatch.call(words.toArray(String[]::new)).out().strip()));
        browser.awaitTrue("document.querySelectorAll('#modules tbody tr').length > 1");
        browser.awaitTrue("document.querySelectorAll('.tree tbody tr').length > 1");
    }

    private Process run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    private static String has(String selector, String text) {
        return "[...document.querySelectorAll('%s')].some(e => e.textContent.includes('%s'))"
                .formatted(selector, text);
    }

    @Test
    public void shouldShowProcessesAndEventsAsTextWhateverTheyAreCalled() throws Exception {
        open();
        Process process = run("bash", "-c", "exec -a '" + HOSTILE + "' sleep 1000");

        browser.awaitTrue(has("#events tbody td", HOSTILE));
        browser.evaluate(
                "(s => { s.value = 'onerror'; s.dispatchEvent(new Event('input'));"
                        + " })(document.getElementById('search'))");
        String row = ".tree tbody tr:not(.way)";
        browser.awaitTrue(has(row, HOSTILE));
        browser.evaluate("document.querySelector('.tree tbody tr:not(.way) .link').click()");
        browser.awaitTrue(has("aside h3", process.pid() + ""));
        browser.awaitTrue(has("aside .arguments li", HOSTILE));

        assertThat(browser.evaluate("window.isHacked")).isEqualTo("undefined");
        assertThat(browser.evaluate("document.querySelectorAll('img').length")).isEqualTo("0");
        assertThat(browser.evaluate("document.querySelectorAll('.acts, #deploy').length"))
                .as("what changes something, for who may only see")
                .isEqualTo("0");
        assertThat(browser.messages()).isEmpty();
    }

    @Test
    public void shouldSuspendResumeDeployAndUnloadWithTheTokenForThat() throws Exception {
        open("--control");
        click("Suspend", MODULE);
        browser.awaitTrue(has("#said", "suspended " + MODULE));
        browser.awaitTrue(has("#modules .state", "gone"));
        click("Resume", MODULE);
        browser.awaitTrue(has("#said", "resumed " + MODULE));
        browser.awaitTrue("!" + has("#modules .state", "gone"));

        Path source = folder.path().resolve("Dropped.java");
        Files.writeString(
                source,
                """
                import org.osgi.service.component.annotations.Component;
                import org.taskwatch.api.*;

                @Component
                @WatchTask(TaskEvent.EXEC)
                public class Dropped implements TaskWatcher {
                    @Override
                    public Verdict notify(TaskNotification n) {
                        return Verdict.ALLOW;
                    }
                }
                """);
        browser.choose("#deploy", source);
        browser.awaitTrue(has("#said", "Dropped.java is in the folder deploy"));
        browser.awaitTrue(has("#modules tbody li", "Dropped"));
        click("Unload", "Dropped");
        browser.awaitTrue(has("#said", "unloaded Dropped"));
        browser.awaitTrue("!" + has("#modules tbody li", "Dropped"));
        assertThat(browser.messages()).isEmpty();
    }

    private void click(String action, String module) throws Exception {
        browser.evaluate(
                "document.querySelector('[aria-label=\"%s %s\"]').click()"
                        .formatted(action, module));
    }

    @Test
    public void shouldNotGrowInAStormOfEvents() throws Exception {
        open();
        Process storm = run("bash", "-c", "while :; do (:); (:); (:); (:); done");
        browser.awaitTrue("document.querySelectorAll('#events tbody tr').length === " + MOST_ROWS);
        long before = heap();
        browser.evaluate("new Promise(done => setTimeout(done, 5000))"); // how long it is looked at
        assertThat(heap() - before).isLessThan(MOST_GROWTH);
        assertThat(browser.evaluate("document.querySelectorAll('#events tbody tr').length"))
                .isEqualTo(MOST_ROWS + "");
        storm.destroyForcibly();
        assertThat(browser.messages()).isEmpty();
    }

    /// {@return what the page holds, in bytes}
    private long heap() throws Exception {
        browser.call("HeapProfiler.collectGarbage", Map.of());
        return browser.call("Runtime.getHeapUsage", Map.of()).get("usedSize").getAsLong();
    }
}
