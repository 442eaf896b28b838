from ronghe.domain.org.rules.reaches import *  # noqa: F403
from ronghe.domain.org.rules.reaches import local_day, posts_of, roots  # noqa: F401
