// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Cgroup.Container;
import org.taskwatch.api.Cgroup.Runtime;
import org.taskwatch.api.Detail;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Which control group and container `/proc/PID/cgroup` names.
public class CgroupFileTest {
    private static final String ID =
            "9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d";
    private static final String OTHER =
            "31cb02944da7a12196a193cf0e0f6c226d7c453a1db62e65ba98287593a2ee30";
    private static final String POD =
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poda45947e4_314c_4694.slice/";

    private static Cgroup read(String text) {
        return parse(text, 4096).value().orElseThrow();
    }

    private static Detail<Cgroup> parse(String text, int limit) {
        return CgroupFile.parse(text.getBytes(StandardCharsets.UTF_8)).cgroup(limit);
    }

    private static void assertContainer(String path, Runtime runtime) {
        assertThat(read("0::" + path + "\n").container()).hasValue(new Container(ID, runtime));
        assertThat(read("4:memory:" + path + "\n1:name=systemd:" + path + "\n0::/\n"))
                .isEqualTo(read("0::" + path + "\n"));
    }

    private static void assertNoContainer(String path) {
        assertThat(read("0::" + path + "\n").container()).isEmpty();
    }

    @Test
    public void shouldKnowContainersOfDocker() {
        assertContainer("/system.slice/docker-" + ID + ".scope", Runtime.DOCKER);
        assertContainer("/docker/" + ID, Runtime.DOCKER);
        assertContainer("/docker/" + ID + "/init.scope", Runtime.DOCKER);
        assertContainer("/docker/" + OTHER + "/docker/" + ID, Runtime.DOCKER);
    }

    @Test
    public void shouldKnowContainersOfKubernetes() {
        assertContainer(POD + "cri-containerd-" + ID + ".scope", Runtime.CONTAINERD);
        assertContainer(POD + "crio-" + ID + ".scope", Runtime.CRIO);
        assertContainer(POD + "docker-" + ID + ".scope", Runtime.DOCKER);
        assertContainer(
                "/system.slice/containerd.service/kubepods-besteffort-pod74ba62da.slice:cri-containerd:"
                        + ID,
                Runtime.CONTAINERD);
        assertContainer("/kubepods/besteffort/pod74ba62da-1a3d/" + ID, Runtime.UNKNOWN);
        assertContainer("/kubepods/pod74ba62da-1a3d/" + ID + "/kube-proxy", Runtime.UNKNOWN);
    }

    @Test
    public void shouldKnowContainersOfPodman() {
        assertContainer("/machine.slice/libpod-" + ID + ".scope/container", Runtime.PODMAN);
        assertContainer(
                "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + ID + ".scope",
                Runtime.PODMAN);
        assertContainer("/system.slice/web.service/libpod-payload-" + ID, Runtime.PODMAN);
    }

    @Test
    public void shouldNotTakeOthersForContainers() {
        assertNoContainer("/");
        assertNoContainer("/user.slice/user-1000.slice/session-2.scope");
        assertNoContainer("/machine.slice/libpod-conmon-" + ID + ".scope");
        assertNoContainer(POD + "crio-conmon-" + ID + ".scope");
        assertNoContainer("/docker/" + ID.substring(1));
        assertNoContainer("/docker/" + ID + "0");
        assertNoContainer("/jobs/" + ID);
    }

    @Test
    public void shouldPreferVersionTwoUnlessItIsNotUsed() {
        assertThat(read("4:memory:/a\n1:name=systemd:/b\n0::/c\n").path()).isEqualTo("/c");
        assertThat(read("4:memory:/a:b\n1:name=systemd:/b\n0::/\n").path()).isEqualTo("/a:b");
        assertThat(read("4:memory:/\n1:name=systemd:/b\n").path()).isEqualTo("/b");
        assertThat(read("4:memory:/\n0::/\n").path()).isEqualTo("/");
    }

    @Test
    public void shouldCutALongPathAndStillKnowTheContainer() {
        String path = "/docker/" + ID;

        assertThat(parse("0::" + path + "\n", path.length()))
                .isEqualTo(
                        Detail.of(
                                new Cgroup(path, Optional.of(new Container(ID, Runtime.DOCKER)))));
        assertThat(parse("0::" + path + "\n", 10))
                .isEqualTo(
                        Detail.cut(
                                new Cgroup(
                                        "/docker/9e",
                                        Optional.of(new Container(ID, Runtime.DOCKER)))));
    }

    @Test
    public void shouldLeaveOutALineThatIsCut() {
        assertThat(read("4:memory:/a\n1:name").path()).isEqualTo("/a");
    }
}
