"""积分申请: services."""
