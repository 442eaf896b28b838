"""积分申请: a member applies for points, others check it, the branch sees it on notice, then it counts."""
