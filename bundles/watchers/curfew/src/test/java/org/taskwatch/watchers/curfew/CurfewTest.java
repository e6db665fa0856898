// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// Who may fork at which time of the day.
public class CurfewTest {
    private static final int ROOT = 0;
    private static final int ALICE = 1000;
    private static final int BOB = -2; // 4294967294
    private static final Gate GATE = new Gate(1, 100, ALICE, "", "bash");
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    private static final String NIGHT = "deny user=alice command=make from=22:00 to=06:00";

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private Path users = Path.of("");

    @Before
    public void writeUsers() throws IOException {
        users = folder.newFile().toPath();
        Files.writeString(
                users,
                """
                root:x:0:0:root:/root:/bin/bash
                alice:x:1000:1000:Alice,,,:/home/alice:/bin/bash
                bob:x:4294967294:1000::/home/bob:/bin/bash
                broken:x:many:1000::/:/bin/bash
                """);
    }

    private static Clock clock(String time) {
        Instant now = LocalDateTime.parse("2026-03-01T" + time).atZone(TOKYO).toInstant();
        return Clock.fixed(now, TOKYO);
    }

    private Verdict at(String time, String rules, FakeTask forker) {
        return new Curfew(rules, clock(time), users).notify(forker.unborn().now(TaskEvent.INIT, 0));
    }

    private static FakeTask forker(int uid, String comm) {
        FakeDetails details =
                new FakeDetails(
                        Detail.of(comm),
                        Detail.of(new Credentials(uid, uid, ROOT, ROOT)),
                        Detail.unknown(Reason.NOT_READ),
                        Detail.unknown(Reason.NOT_READ),
                        Map.of());
        return FakeTask.process(101, null, details).gated(GATE);
    }

    @Test
    public void shouldRefuseOverMidnightInLocalTime() {
        for (String time : List.of("22:00", "23:59:59", "00:00", "05:59:59.999")) {
            assertThat(at(time, NIGHT, forker(ALICE, "make")).isRefusal()).as(time).isTrue();
        }
        for (String time : List.of("06:00", "12:00", "21:59:59.999")) {
            assertThat(at(time, NIGHT, forker(ALICE, "make"))).as(time).isSameAs(Verdict.ALLOW);
        }
    }

    @Test
    public void shouldRefuseWithinADay() {
        String rule = "deny from=09:00 to=17:00";
        assertThat(at("09:00", rule, forker(ALICE, "make")).isRefusal()).isTrue();
        assertThat(at("17:00", rule, forker(ALICE, "make")).isRefusal()).isFalse();
        assertThat(at("08:59", rule, forker(ALICE, "make")).isRefusal()).isFalse();
        assertThat(at("23:00", "deny from=22:00", forker(ALICE, "make")).isRefusal()).isTrue();
        assertThat(at("00:00", "deny from=22:00", forker(ALICE, "make")).isRefusal()).isFalse();
    }

    @Test
    public void shouldSayByWhichRuleAndSoThatNobodyTriesAgain() {
        Verdict verdict = at("23:00", "allow user=root;\n  " + NIGHT, forker(ALICE, "make"));
        assertThat(verdict.errno()).isEqualTo(Errno.EPERM);
        assertThat(verdict.reason()).isEqualTo("by the rule \"" + NIGHT + "\"");
    }

    @Test
    public void shouldKnowUsersByNameAndByNumber() {
        for (String user : List.of("bob", "4294967294", "*")) {
            String rule = "deny user=" + user;
            assertThat(at("12:00", rule, forker(BOB, "sh")).isRefusal()).as(user).isTrue();
        }
        assertThat(at("12:00", "deny user=bob", forker(ALICE, "sh")).isRefusal()).isFalse();
    }

    @Test
    public void shouldAnswerByTheFirstRuleThatIsForIt() {
        String rules = "allow user=alice command=ssh; deny user=alice; allow; deny";
        assertThat(at("12:00", rules, forker(ALICE, "ssh")).isRefusal()).isFalse();
        assertThat(at("12:00", rules, forker(ALICE, "make")).isRefusal()).isTrue();
        assertThat(at("12:00", rules, forker(ROOT, "make")).isRefusal()).isFalse();
    }

    @Test
    public void shouldTakeTheUserOfTheGateWhereTheForkerIsNotKnown() {
        FakeTask unknown =
                FakeTask.process(101, null, FakeDetails.unknown(Reason.GONE)).gated(GATE);
        assertThat(at("12:00", "deny user=alice", unknown).isRefusal()).isTrue();
        assertThat(at("12:00", "deny user=root", unknown).isRefusal()).isFalse();
        assertThat(at("12:00", "deny command=make", unknown).isRefusal()).isFalse();
    }

    @Test
    public void shouldAllowWhatIsInNoGate() {
        FakeTask free = FakeTask.process(101, null, "make");
        assertThat(at("12:00", "deny", free)).isSameAs(Verdict.ALLOW);
    }

    @Test
    public void shouldKeepTheRulesWhenOtherOnesMakeNoSense() {
        Curfew curfew = new Curfew("deny", clock("12:00"), users);
        for (String wrong :
                List.of(
                        "allow; refuse",
                        "allow user=carol",
                        "allow user=broken",
                        "allow user=4294967296",
                        "allow command=a-name-of-16-byt",
                        "allow from=24:00",
                        "allow to=6",
                        "allow from=1:00 from=2:00",
                        "allow label=ci",
                        "allow now")) {
            curfew.take(wrong);
            Verdict verdict = curfew.notify(forker(ALICE, "make").unborn().now(TaskEvent.INIT, 0));
            assertThat(verdict.isRefusal()).as(wrong).isTrue();
        }
        curfew.modify(Map.of("rule", "allow"));
        assertThat(curfew.notify(forker(ALICE, "make").unborn().now(TaskEvent.INIT, 0)))
                .isNotSameAs(Verdict.ALLOW);
        curfew.take("");
        assertThat(curfew.notify(forker(ALICE, "make").unborn().now(TaskEvent.INIT, 0)))
                .isSameAs(Verdict.ALLOW);
    }
}
