package example;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.*;

@Component
@WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE, filter = "(uid=0)")
public class RootExecs implements TaskWatcher {
    @Override
    public Verdict notify(TaskNotification n) {
        System.out.println(n.time() + " " + n.task().pid() + " " + n.details().commandLine());
        return Verdict.ALLOW;
    }
}
